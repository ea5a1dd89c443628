-- What share of all flights starts at each airport?
select origin, sum(count) as flights, sum(count) / sum(sum(count)) over () as share
from '../data/flights.csv'
group by origin
order by flights desc
limit 20;
