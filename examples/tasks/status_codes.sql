-- How often did the server answer with each status?
select regexp_extract(line, '" (\d+) ', 1) as status, count(*) as n
from read_csv('../data/access.log', delim = '', quote = '', header = false, names = ['line'])
group by status
order by n desc;
