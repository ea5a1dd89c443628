-- Which words are the most frequent?
select word, count(*) as n
from (
  select unnest(regexp_extract_all(lower(content), '\pL+')) as word
  from read_text('../data/peace.txt'))
group by word
order by n desc, word
limit 20;
