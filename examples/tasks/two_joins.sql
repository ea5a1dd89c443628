-- Between which cities are most flights?
select a.city, b.city as city_to, count
from '../data/flights.csv'
join '../data/airports.csv' as a on origin = a.iata
join '../data/airports.csv' as b on destination = b.iata
order by count desc
limit 20;
