-- How many days of each weather has each month?
pivot (select month(date) as month, weather from '../data/weather.csv')
on weather
using count(*)
group by month
order by month;
