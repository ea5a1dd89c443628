-- Where do most flights go to from each airport?
select *
from '../data/flights.csv'
qualify row_number() over (partition by origin order by count desc, destination) <= 3
order by origin, count desc, destination
limit 20;
