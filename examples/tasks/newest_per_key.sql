-- How many pushes did each country make in the last quarter there is of it?
select *
from '../data/pushes.csv'
qualify row_number() over (partition by iso2_code order by year desc, quarter desc) = 1
order by git_pushes desc
limit 20;
