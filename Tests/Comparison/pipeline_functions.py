"""Functions for random expressions of pipelines.py: each as a text of dsh, the SQL that means the same, and the types of its arguments.

`{0}`, `{1}` stand for the arguments. Those that DuckDB answers otherwise by design are written as what dsh documents.
"""

INTEGERS = [
    ("abs({0})", "abs({0})", "int"), ("sign({0})", "sign({0})::bigint", "int"), ("greatest({0}, {1})", "greatest({0}, {1})", "int", "int"),
    ("least({0}, {1})", "least({0}, {1})", "int", "int"), ("nullif({0}, {1})", "nullif({0}, {1})", "int", "int"),
    ("coalesce({0}, {1})", "coalesce({0}, {1})", "int", "int"), ("bit_and({0}, {1})", "({0} & {1})", "int", "int"),
    ("bit_or({0}, {1})", "({0} | {1})", "int", "int"), ("bit_xor({0}, {1})", "xor({0}::bigint, {1}::bigint)", "int", "int"),
    ("bit_count({0})", "bit_count({0}::bigint)::bigint", "int"), ("bit_not({0})", "(~{0}::bigint)", "int"),
    ("gcd({0}, {1})", "abs(gcd({0}, {1}))::bigint", "int", "int"),
    ("clamp({0}, -5, 5)", "(case when {0} < -5 then -5 when {0} > 5 then 5 else {0} end)", "int"),
    ("int64({0})", "trunc({0})::bigint", "float"), ("length({0})", "length({0})", "text"), ("byte_length({0})", "strlen({0})", "text"),
    ('find({0}, "a")', "nullif(instr({0}, 'a'), 0)", "text"), ("ord({0})", "(case when {0} <> '' then unicode({0}) end)::bigint", "text"),
    ('count_text({0}, "a")', "(length({0}) - length(replace({0}, 'a', '')))", "text"), ("int64({0})", "{0}::bigint", "bool"),
    ("quarter({0})", "quarter({0})", "date"), ("weekday({0})", "isodow({0})", "date"), ("week({0})", "weekofyear({0})", "date"),
    ("iso_year({0})", "isoyear({0})", "date"), ("day_of_year({0})", "dayofyear({0})", "date"),
    ("days_in_month({0})", "day(last_day({0}))", "date"), ("epoch_days({0})", "({0} - date '1970-01-01')", "date"),
    ('date_diff("day", {0}, {1})', "date_diff('day', {0}, {1})", "date", "date"),
    ('date_diff("week", {0}, {1})', "((date_trunc('week', {1})::date - date_trunc('week', {0})::date) // 7)", "date", "date"),
    ('date_diff("month", {0}, {1})', "date_diff('month', {0}, {1})", "date", "date"),
    ('date_elapsed("day", {0}, {1})', "date_sub('day', {0}, {1})", "date", "date"),
    ("hour({0})", "hour({0})", "moment"), ("minute({0})", "minute({0})", "moment"), ("second({0})", "second({0})", "moment"),
    ("epoch_ms({0})", "epoch_ms({0})", "moment"), ('date_diff("hour", {0}, {1})', "date_diff('hour', {0}, {1})", "moment", "moment"),
    ('date_part("minute", {0})', "minute({0})", "moment"),
    ("list_count([{0}, {1}])", "(({0} is not null)::int + ({1} is not null)::int)::bigint", "int", "int"),
    ("list_max([{0}, {1}])", "greatest({0}, {1})", "int", "int"), ("list_min([{0}, {1}])", "least({0}, {1})", "int", "int"),
    ("[{0}, {1}][-1]", "{1}", "int", "int"), ("list_sum([{0}, {1}])", "(coalesce({0}, 0) + coalesce({1}, 0) + nullif(0, "
     "(case when {0} is null and {1} is null then 0 else 1 end)))", "int", "int"),
    ("{{p: {0}, q: {1}}}.q", "{1}", "text", "int")]

FLOATS = [
    ("abs({0})", "abs({0})", "float"), ("floor({0})", "floor({0})", "float"), ("ceil({0})", "ceil({0})", "float"),
    ("trunc({0})", "trunc({0})", "float"), ("round({0})", "round({0})", "float"), ("sqrt(abs({0}))", "sqrt(abs({0}))", "float"),
    ("greatest({0}, {1})", "greatest({0}, {1})", "float", "float"), ("least({0}, {1})", "least({0}, {1})", "float", "float"),
    ("ln(abs({0}) + 1)", "ln(abs({0}) + 1)", "float"), ("sin({0})", "sin({0})", "float"), ("atan({0})", "atan({0})", "float"),
    ("atan2({0}, {1})", "atan2({0}, {1})", "float", "float"), ("tanh({0})", "tanh({0})", "float"),
    ("degrees({0})", "degrees({0})", "float"), ("hypot({0}, {1})", "sqrt({0} * {0} + {1} * {1})", "float", "float"),
    ("float64({0})", "{0}::double", "int"), ("epoch({0})", "epoch({0})", "moment"),
    ("list_mean([{0}, {1}])", "list_avg([{0}::double, {1}::double])", "float", "float")]

TEXTS = [
    ("upper({0})", "upper({0})", "text"), ("lower({0})", "lower({0})", "text"), ("reverse({0})", "reverse({0})", "text"),
    ("trim({0})", "trim({0}, ' ' || chr(10) || chr(9) || chr(13))", "text"), ('replace({0}, "a", "bb")', "replace({0}, 'a', 'bb')", "text"),
    ("right({0}, 2)", "right({0}, 2)", "text"), ("substr({0}, 2, 3)", "substr({0}, 2, 3)", "text"),
    ('pad_left({0}, 4, "*")', "(case when length({0}) >= 4 then {0} else lpad({0}, 4, '*') end)", "text"),
    ("concat({0}, {1})", "concat({0}, {1})", "text", "text"), ("repeat({0}, 2)", "repeat({0}, 2)", "text"),
    ('regex_replace({0}, "[a-n]+", "_")', "regexp_replace({0}, '[a-n]+', '_', 'g')", "text"),
    ('regex_extract({0}, "[a-z]+")', "nullif(regexp_extract({0}, '[a-z]+'), '')", "text"),
    ('translate({0}, "ab", "x")', "translate({0}, 'ab', 'x')", "text"), ("md5({0})", "md5({0})", "text"),
    ("sha256({0})", "sha256({0})", "text"), ("hex_encode({0})", "lower(hex({0}))", "text"),
    ("base64_encode({0})", "to_base64(encode({0}))", "text"), ("day_name({0})", "dayname({0})", "date"),
    ("month_name({0})", "monthname({0})", "date"), ('format_time({0}, "%d.%m.%Y")', "strftime({0}, '%d.%m.%Y')", "date"),
    ('format_time({0}, "%H:%M:%S %j")', "strftime({0}, '%H:%M:%S %j')", "moment"), ("string({0})", "{0}::varchar", "date"),
    ("string({0})", "{0}::varchar", "bool"), ('if({0}, "yes", {1})', "(case when {0} then 'yes' else {1} end)", "bool", "text"),
    ('case({0} > 5, "many", {0} > 1, {1})', "(case when {0} > 5 then 'many' when {0} > 1 then {1} end)", "int", "text"),
    ('join([{0}, {1}], "-")', "concat_ws('-', {0}, {1})", "text", "text"),
    ('split({0}, "a")[0]', "string_split({0}, 'a')[1]", "text"), ("to_hex(abs({0}))", "lower(to_hex(abs({0})))", "int")]

CONDITIONS = [
    ('contains({0}, "a")', "contains({0}, 'a')", "text"),
    ("starts_with({0}, left({1}, 1))", "starts_with({0}, left({1}, 1))", "text", "text"),
    ('ends_with({0}, "m")', "ends_with({0}, 'm')", "text"), ('({0} ~ "^[a-m]")', "regexp_matches({0}, '^[a-m]')", "text"),
    ('({0} !~ "[0-9]$")', "(not regexp_matches({0}, '[0-9]\\z'))", "text"), ("is_even({0})", "({0} % 2 = 0)", "int"),
    ("is_null({0})", "({0} is null)", "text"), ("is_not_null({0})", "({0} is not null)", "date"),
    ("is_leap_year({0})", "(day(last_day(make_date(year({0}), 2, 1))) = 29)", "date"), ("is_weekend({0})", "(isodow({0}) >= 6)", "date"),
    ("is_finite({0})", "isfinite({0}::double)", "wild"), ("bool({0})", "({0} <> 0)", "int"),
    ("contains([{0}, {1}, 3], {0})", "(case when {0} is not null then true end)", "int", "int"),
    ("list_any([{0}, {1}], v -> v > 2)", "({0} > 2 or {1} > 2)", "int", "int"),
    ("list_all([{0}, {1}], v -> v > 2)", "({0} > 2 and {1} > 2)", "int", "int")]

DATES = [
    ("last_day({0})", "last_day({0})", "date"), ('date_add("month", 1, {0})', "({0} + interval 1 month)::date", "date"),
    ('date_add("day", -40, {0})', "({0} - 40)", "date"), ('date_trunc("week", {0})', "date_trunc('week', {0})::date", "date"),
    ('date_trunc("quarter", {0})', "date_trunc('quarter', {0})::date", "date"), ("date({0})", "{0}::date", "moment"),
    ("from_epoch_days({0} % 20000)", "(date '1970-01-01' + ((({0} % 20000) + 20000) % 20000)::int)", "int"),
    ("greatest({0}, {1})", "greatest({0}, {1})", "date", "date"), ('next_day({0}, "monday")', "({0} + (8 - isodow({0}))::int)", "date"),
    ("make_date(2024, 1 + {0} % 12, 28)", "(make_date(2024, 1, 28) + to_months(((({0} % 12) + 12) % 12)::int))::date", "int")]

MOMENTS = [
    ("timestamp({0})", "{0}::timestamp", "date"), ('date_trunc("minute", {0})', "date_trunc('minute', {0})", "moment"),
    ('date_add("hour", 30, {0})', "({0} + interval 30 hour)", "moment"),
    ('time_bucket("15 minutes", {0})', "time_bucket(interval 15 minutes, {0})", "moment"),
    ('date_add("month", -1, {0})', "({0} - interval 1 month)", "moment"), ("least({0}, {1})", "least({0}, {1})", "moment", "moment")]

FUNCTIONS = {"int": INTEGERS, "float": FLOATS, "text": TEXTS, "bool": CONDITIONS, "date": DATES, "moment": MOMENTS}
