// What functions of other languages are called here.

/// What to use for a function of another language; nil if it is known in none.
func adviceOnFunction(_ name: String) -> String? { functionsOfOthers[name.lowercased()].map { "use \($0)" } }

private let functionsOfOthers: [String: String] = [
  "avg": "mean", "average": "mean", "stddev": "std", "stdev": "std", "stddev_samp": "std", "minimum": "min", "maximum": "max",
  "total": "sum",
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
