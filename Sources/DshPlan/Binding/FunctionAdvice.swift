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
    windows: ["lag", "lead", "cumsum", "running_sum", "rolling_mean", "moving_average", "first_value", "last_value", "shift", "diff"],
    numbers: ["row_number", "rownumber", "rank", "dense_rank", "ntile", "percent_rank", "rowid"],
    clock: ["now", "today", "current_date", "current_timestamp", "getdate", "sysdate", "curdate"],
    lists: ["string_agg", "group_concat", "listagg", "list_agg", "array_agg", "collect_list", "first", "last", "arg_max", "arg_min"],
    "not there yet: the same program gives the same answer each time": ["random", "rand", "uuid", "gen_random_uuid"],
    "not there yet: split_part(x, separator, 1) takes the parts one by one": ["explode", "unnest", "unlist"],
    "not there yet; std(x) is the sample standard deviation": [
      "var_pop", "stddev_pop", "skewness", "kurtosis", "corr", "covar_pop", "covar_samp",
    ],
  ]
  return Dictionary(advice.flatMap { advice, names in names.map { ($0, advice) } }, uniquingKeysWith: { first, _ in first })
}()

private let functionsOfOthers: [String: String] = [
  "avg": "mean", "average": "mean", "stddev": "std", "stdev": "std", "stddev_samp": "std", "minimum": "min", "maximum": "max",
  "total": "sum",
  "mode": "agg n = count() by x | sort n desc | limit 1", "var": "std(x), and square it", "variance": "std(x), and square it",
  "var_samp": "std(x), and square it", "nunique": "agg count() by x | count", "count_distinct": "agg count() by x | count",
  "approx_count_distinct": "agg count() by x | count", "countif": "sum(if(c, 1, 0))", "count_if": "sum(if(c, 1, 0))",
  "sumif": "sum(if(c, x, 0))", "sum_if": "sum(if(c, x, 0))", "any_value": "min(x)",
  "concat_ws": "join([x, y], separator)", "strcat": "x ++ y", "paste": "x ++ y", "cast": "x::type", "convert": "x::type",
  "to_number": "x::float64", "to_char": "format_time or format_number", "to_string": "string", "is_in": "x in [a, b]",
  "isin": "x in [a, b]", "where": "if(c, a, b)", "when": "case(c1, v1, …, else)", "switch": "case(c1, v1, …, else)",
  "decode": "case(c1, v1, …, else)", "nullif": "if(x == y, null, x)", "zeroifnull": "x ?? 0", "fillna": "x ?? default",
  "fill_null": "x ?? default", "is_not_null": "x != null", "between": "x between low and high", "regexp_like": "x ~ pattern",
  "rlike": "x ~ pattern", "like": "x ~ pattern", "ilike": "x ~ r'(?i)pattern'", "str_split": "split", "string_split": "split",
  "unix_timestamp": "epoch", "from_unixtime": "from_epoch", "dayofyear": "day_of_year", "doy": "day_of_year",
  "len": "length", "strlen": "length", "char_length": "length", "size": "length", "substring": "substr", "mid": "substr",
  "toupper": "upper", "to_upper": "upper", "ucase": "upper", "uppercase": "upper", "tolower": "lower", "to_lower": "lower",
  "lcase": "lower",
  "lowercase": "lower", "strip": "trim", "lstrip": "ltrim", "rstrip": "rtrim", "lpad": "pad_left", "rpad": "pad_right",
  "startswith": "starts_with", "endswith": "ends_with", "instr": "find", "strpos": "find", "position": "find",
  "regexp_matches": "x ~ pattern",
  "regexp_replace": "regex_replace", "regexp_extract": "regex_extract", "ifnull": "x ?? default", "nvl": "x ?? default",
  "isnull": "x == null", "isnan": "is_nan", "iff": "if(c, a, b)", "iif": "if(c, a, b)", "ifelse": "if(c, a, b)", "power": "pow",
  "ceiling": "ceil", "log_e": "ln", "truncate": "trunc", "mod": "x % y", "strftime": "format_time", "strptime": "parse_timestamp",
  "to_date": "date or parse_date", "to_timestamp": "timestamp or parse_timestamp", "datediff": "date_diff", "dateadd": "date_add",
  "date_part": "year, month, day, …", "extract": "year, month, day, …", "int": "int64", "integer": "int64", "float": "float64",
  "double": "float64",
  "str": "string", "text": "string", "boolean": "bool",
]
