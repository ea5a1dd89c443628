-- What share of each column is missing?
select avg((columns(*) is null)::int)
from read_csv('../data/provinces/*.csv', union_by_name = true);
