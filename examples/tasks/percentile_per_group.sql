-- Below how many flights are 95 % of the routes from an airport?
select origin, quantile_cont(count, 0.95) as p95
from '../data/flights.csv'
group by origin
order by p95 desc, origin
limit 20;
