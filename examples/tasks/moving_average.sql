-- How warm was it on the average of seven days?
select date, avg(temp_max) over (order by date rows 6 preceding) as warmth
from '../data/weather.csv'
order by date
limit 20;
