// What functions of other languages are called here.

/// What to say of a function of another language: what to use, or what does instead; nil if it is known in none.
func adviceOnFunction(_ name: String) -> String? {
  let name = name.lowercased()
  return functionsOfOthers[name].map { "use \($0)" } ?? functionsToCome[name]
}

/// Functions that nothing here does in one step.
private let functionsToCome: [String: String] = {
  let order = "not there yet: sort x | limit --offset=N 1 takes the value at a place"
  let windows = "not there yet: a row does not see the others, but agg … by sees all of a group"
  let numbers = "not there yet: rows have no numbers; sort and limit take those in front"
  let clock = "a program gives the same answer whenever it runs; hand the time in: dsh --set now=2024-01-31, then date($now)"
  let lists = "not there yet: agg … by counts, sums and compares the values of a group"
  let advice: [String: [String]] = [
    order: ["median", "quantile", "percentile", "percentile_cont", "percentile_disc", "approx_quantile", "approx_percentile"],
    windows: [
      "pct_change", "cum_sum", "cumulative_sum", "cummax", "lag", "lead", "cumsum", "running_sum", "rolling_mean", "moving_average",
      "first_value", "last_value", "shift", "diff",
    ],
    numbers: ["row_number", "rownumber", "rank", "dense_rank", "ntile", "percent_rank", "rowid"],
    clock: ["now", "today", "current_date", "current_timestamp", "getdate", "sysdate", "curdate"],
    lists: ["string_agg", "group_concat", "listagg", "list_agg", "array_agg", "collect_list", "first", "last", "arg_max", "arg_min"],
    "not there yet: the same program gives the same answer each time": ["random", "rand", "uuid", "gen_random_uuid"],
    "not there yet: nothing here hashes": ["md5", "sha1", "sha256", "hash", "xxhash64", "crc32"],
    "not there yet: regex_extract takes a part out of a text": [
      "json_extract", "json_value", "get_json_object", "from_json", "json_extract_string",
    ],
    "not there yet: numbers have no bits here": ["bitand", "bitor", "bitxor", "bit_and", "bit_or"],
    "not there yet": ["levenshtein", "soundex", "edit_distance", "chr", "char", "ascii", "unicode", "base64", "url_decode", "haversine"],
    "not there yet: split_part(x, separator, 1) takes the parts one by one": ["explode", "unnest", "unlist"],
    "not there yet; std(x) is the sample standard deviation": [
      "var_pop", "stddev_pop", "skewness", "kurtosis", "corr", "covar_pop", "covar_samp",
    ],
  ]
  return Dictionary(advice.flatMap { advice, names in names.map { ($0, advice) } }, uniquingKeysWith: { first, _ in first })
}()

/// Names of other languages by what to use for them.
private let functionsOfOthers: [String: String] = Dictionary(
  namesOfOthers.flatMap { ours, names in names.map { ($0, ours) } }, uniquingKeysWith: { first, _ in first })

private let namesOfOthers: [String: [String]] = [
  "a != b": ["xor"],
  "abs": ["absolute", "fabs"],
  "agg count() by x | count": [
    "approx_count_distinct", "approx_distinct", "count_distinct", "countdistinct", "n_distinct", "nunique", "uniq", "unique_count",
  ],
  "agg n = count() by x | sort n desc | limit 1": ["mode"],
  "bool": ["boolean"],
  "byte_length": ["bit_length", "len_bytes", "octet_length"],
  "case(c1, v1, …, else)": ["case_when", "cond", "decode", "multi_if", "multiif", "switch", "when"],
  "ceil": ["ceiling"],
  "clamp": ["clip"],
  "coalesce": ["coalesce_na", "first_not_null"],
  "contains": ["array_contains", "array_has", "has", "list_contains", "list_has", "str_contains"],
  "count()": ["count_star", "n", "row_count"],
  "date or parse_date": [
    "as_date", "date_parse", "dmy", "fromisoformat", "mdy", "parse_datetime", "str_to_date", "to_date", "to_datetime", "todate", "ymd",
  ],
  "date_add": ["add_months", "adddate", "date_plus", "dateadd", "timestampadd"],
  "date_add with a negative count": ["date_sub", "datesub", "subdate"],
  "date_add(\"month\", 1, date_trunc(\"month\", x)) - 1": ["end_of_month", "eomonth", "last_day"],
  "date_diff": ["age", "datediff", "days_between", "months_between", "timestampdiff"],
  "date_trunc": ["date_bin", "dt_truncate", "floor_date", "time_bucket", "trunc_date", "truncate_date"],
  "day": ["day_of_month", "dayofmonth", "mday"],
  "day_name": ["dayname", "weekday_name"],
  "day_of_year": ["dayofyear", "doy", "yday"],
  "ends_with": ["endswith", "str_ends", "suffix"],
  "epoch": ["to_epoch", "to_unixtime", "unix_time", "unix_timestamp"],
  "exp": ["e_pow"],
  "find": ["charindex", "index_of", "indexof", "instr", "locate", "position", "strpos"],
  "float64": ["double", "float"],
  "format_number": ["number_format", "to_fixed", "tofixed"],
  "format_number or ++": ["format", "printf", "sprintf"],
  "format_time": ["date_format", "strftime", "time_format", "to_date_string"],
  "format_time or format_number": ["to_char"],
  "from_epoch": ["from_unixtime"],
  "greatest": ["max_horizontal", "maximum_of", "pmax"],
  "hour": ["hour_of_day"],
  "if(c, a, b)": ["if_else", "ifelse", "ifelse_", "iff", "iif", "where"],
  "if(x != null, a, b)": ["nvl2"],
  "if(x == y, null, x)": ["nullif"],
  "int64": ["int", "integer"],
  "is_nan": ["isnan"],
  "join": ["array_join", "array_to_string", "list_join", "list_to_string", "str_join"],
  "join([x, y], separator)": ["concat_ws"],
  "least": ["min_horizontal", "pmin"],
  "length": [
    "array_length", "cardinality", "char_length", "character_length", "count_chars", "len", "len_chars", "list_length", "nchar", "size",
    "str_length", "string_length", "strlen",
  ],
  "length(split(x, part)) - 1": ["count_matches", "regexp_count", "str_count"],
  "list_max": ["array_max"],
  "list_min": ["array_min"],
  "list_sort": ["array_sort", "sort_array"],
  "list_sum": ["array_sum", "sum_list"],
  "list_unique": ["array_distinct", "array_unique", "list_distinct"],
  "ln": ["log_e", "loge"],
  "lower": ["downcase", "lcase", "lowercase", "str_to_lower", "to_lower", "to_lowercase", "tolower"],
  "ltrim": ["lstrip", "trim_start", "trimstart"],
  "make_date": ["date_from_parts", "datefromparts", "makedate", "to_date_parts"],
  "make_timestamp": ["datetimefromparts", "make_datetime", "timestamp_from_parts"],
  "max": ["maximum"],
  "mean": ["average", "avg"],
  "min": ["minimum"],
  "min(x)": ["any_value"],
  "month_name": ["monthname"],
  "nullif": ["na_if", "null_if"],
  "pad_left": ["lpad"],
  "pad_right": ["rpad"],
  "parse_timestamp": ["strptime"],
  "pow": ["power"],
  "pow(x, 2)": ["square"],
  "regex_extract": ["regexp_extract"],
  "regex_replace": ["regexp_replace"],
  "repeat": ["repeat_string", "replicate", "str_dup"],
  "replace, or regex_replace": ["gsub", "regexp_substr", "str_replace", "str_replace_all", "sub"],
  "reverse": ["array_reverse", "list_reverse", "str_reverse", "strrev"],
  "rtrim": ["rstrip", "trim_end", "trimend"],
  "schema, which shows the types": ["class", "dtype", "pg_typeof", "type_of", "typeof"],
  "sign": ["sgn", "signum"],
  "slice": ["array_slice", "list_slice"],
  "split": ["str_split", "string_split"],
  "split_part": ["split_index", "str_split_part"],
  "sqrt": ["square_root"],
  "starts_with": ["prefix", "startswith", "startswithi", "str_starts"],
  "std": ["sd", "stddev", "stddev_samp", "stddev_sample", "stdev"],
  "std(x), and square it": ["var", "var_samp", "variance"],
  "string": ["str", "text", "to_string"],
  "substr": ["mid", "slice_text", "str_slice", "str_sub", "substring", "substring_index"],
  "sum": ["total"],
  "sum(if(c, 1, 0))": ["count_if", "countif"],
  "sum(if(c, x, 0))": ["sum_if", "sumif"],
  "the constant alone": ["lit", "literal"],
  "the name of the column alone": ["col", "column"],
  "timestamp or parse_timestamp": ["to_timestamp"],
  "title": ["capitalize", "initcap", "proper", "str_to_title", "to_titlecase"],
  "trim": ["btrim", "str_trim", "strip", "strip_chars", "trimws"],
  "trunc": ["truncate"],
  "try_cast(x, float64) != null": ["is_number", "is_numeric", "isnumeric"],
  "try_cast(x, type)": ["safe_cast", "try_convert"],
  "upper": ["str_to_upper", "to_upper", "to_uppercase", "toupper", "ucase", "upcase", "uppercase"],
  "week": ["isoweek", "week_of_year", "weekofyear"],
  "weekday": ["day_of_week", "dayofweek", "dow", "isodow", "wday"],
  "x != null": ["drop_na", "is_not_na", "is_not_null", "notna", "notnull"],
  "x % y": ["mod"],
  "x ++ y": ["concat_str", "paste", "paste0", "str_c", "str_concat", "strcat"],
  "x // y": ["div", "int_div", "integer_divide"],
  "x == null": ["is_missing", "is_na", "is_none", "isna", "isnone", "isnull"],
  "x ?? 0": ["zeroifnull"],
  "x ?? default": ["fill_na", "fill_null", "fillna", "ifnull", "nvl", "replace_na"],
  "x between low and high": ["between", "inrange", "is_between"],
  "x in [a, b]": ["is_in", "isin"],
  "x ~ pattern": ["grepl", "like", "regex_match", "regexp_like", "regexp_match", "regexp_matches", "rlike", "rlike_all", "str_detect"],
  "x ~ r'(?i)pattern'": ["ilike"],
  "x::float64": ["as_double", "as_numeric", "number", "numeric", "parsefloat", "to_double", "to_float", "to_number", "tofloat", "val"],
  "x::int64": ["as_int", "as_integer", "atoi", "number_int", "parseint", "to_int", "to_integer", "toint"],
  "x::string": ["as_character", "as_string", "repr", "to_text", "to_varchar", "tostring"],
  "x::type": ["cast", "convert"],
  "x[0], or x[-1] for the last": ["array_element", "element_at", "getitem", "list_extract", "list_get"],
  "year, month, day, …": ["date_part", "extract"],
]
