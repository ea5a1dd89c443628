// Further functions that random expressions are made of, with the types of their arguments.

import DshColumns

extension ExpressionGenerator {
  /// The functions by result type, as in the generator's own table.
  static let furtherFunctions: [DataType: [(name: String, arguments: [DataType])]] = {
    let list = DataType.list(.int64)
    let texts = DataType.list(.string)
    var table: [DataType: [(name: String, arguments: [DataType])]] = [:]
    table[.int64] = [
      ("gcd", [.int64, .int64]), ("lcm", [.int64, .int64]), ("bit_and", [.int64, .int64]), ("bit_or", [.int64, .int64]),
      ("bit_xor", [.int64, .int64]), ("bit_not", [.int64]), ("bit_count", [.int64]), ("shift_left small", [.int64, .int64]),
      ("shift_right small", [.int64, .int64]), ("levenshtein", [.string, .string]), ("hamming", [.string, .string]),
      ("count_text", [.string, .string]),
    ]
    table[.int64, default: []] += [
      ("find_last", [.string, .string]), ("ord", [.string]), ("list_position", [list, .int64]), ("list_count", [list]),
      ("list_unique_count", [texts]), ("days_in_month", [.date]), ("days_in_year", [.date]), ("epoch_days", [.date]),
    ]
    table[.float64] = [("round_even", [.float64])]
    table[.string] = [
      ("to_hex", [.int64]), ("to_binary", [.int64]), ("base64_encode", [.string]), ("hex_encode", [.string]), ("url_encode", [.string]),
      ("squeeze", [.string]), ("remove_prefix", [.string, .string]), ("remove_suffix", [.string, .string]),
      ("common_prefix", [.string, .string]), ("translate", [.string, .string, .string]),
    ]
    table[.bool] = [
      ("is_even", [.int64]), ("is_odd", [.int64]), ("is_infinite", [.float64]), ("is_ascii", [.string]), ("is_digits", [.string]),
      ("is_blank", [.string]), ("list_has_any", [list, list]), ("list_has_all", [texts, texts]), ("is_leap_year", [.date]),
      ("is_weekend", [.date]),
    ]
    table[.date] = [("last_day", [.date])]
    for (type, element) in [(list, DataType.int64), (texts, .string)] {
      table[type] = [
        ("list_append", [type, element]), ("list_prepend", [type, element]), ("list_concat", [type, type, type]),
        ("list_take", [type, .int64]), ("list_drop", [type, .int64]), ("list_remove", [type, element]), ("list_drop_nulls", [type]),
        ("list_intersect", [type, type]), ("list_except", [type, type]), ("list_union", [type, type]), ("list_sort_desc", [type]),
      ]
    }
    return table
  }()
}
