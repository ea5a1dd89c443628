// Random typed expressions and random columns for the fuzzer.

import DshColumns
import DshPlan

/// Makes expressions over two columns of each of a few types.
struct ExpressionGenerator {
  static let types: [DataType] = [.int64, .float64, .string, .bool, .date, .timestamp, .list(.int64), .list(.string)]
  static let fields: [Field] = types.flatMap { type in [Field("\(type.name)1", type), Field("\(type.name)2", type)] }

  var random: SplitMix

  // MARK: Values

  mutating func value(_ type: DataType, nullPercent: Int = 0) -> Value {
    if random.chance(nullPercent) { return .null }
    switch type {
    case .int64:
      return .int64(
        random.chance(6) ? random.pick([.min, .max, .min + 1, 1 << 32, -1 << 62]) : Int64(random.int(-20...20)))
    case .float64:
      return .float64(
        random.chance(12)
          ? random.pick([.nan, .infinity, -.infinity, -0.0, 1e300, -1e19, 0.1]) : Double(random.int(-40...40)) / Double(random.int(1...8)))
    case .string:
      if random.chance(25) { return .string(random.pick(["12", "-7", "3.5", "true", "1e2", " 42 ", "9223372036854775808", "no"])) }
      let letters = ["a", "b", "c", "A", "-", " ", "é", "ß", "日", "1", ",", "x"]
      return .string((0..<random.int(0...9)).map { _ in random.pick(letters) }.joined())
    case .bool: return .bool(random.chance(50))
    case .date: return .date(Int32(random.int(-20000...40000)))
    case .timestamp: return .timestamp(Int64(random.int(-2_000_000_000...4_000_000_000)) * 1_000_000 + Int64(random.pick([0, 0, 250_000])))
    case .list(let element): return .list((0..<random.int(0...4)).map { _ in value(element, nullPercent: 15) })
    default: return .null
    }
  }

  mutating func column(_ type: DataType, rows: Int) -> [Value] {
    let nullPercent = random.pick([0, 0, 10, 50, 100])
    let isRepetitive = random.chance(50)
    let pool = (0..<5).map { _ in value(type) }
    return (0..<rows).map { _ in
      if random.chance(nullPercent) { return .null }
      return isRepetitive ? random.pick(pool) : value(type)
    }
  }

  // MARK: Expressions

  /// The functions by result type: name and argument types. A negative chance of an error is fine, the reference has it too.
  private static let functions: [DataType: [(name: String, arguments: [DataType])]] = {
    let list = DataType.list(.int64)
    let texts = DataType.list(.string)
    return [
      .int64: [
        ("+", [.int64, .int64]), ("-", [.int64, .int64]), ("*", [.int64, .int64]), ("//", [.int64, .int64]), ("%", [.int64, .int64]),
        ("neg", [.int64]), ("abs", [.int64]), ("sign", [.int64]), ("sign", [.float64]), ("clamp", [.int64, .int64, .int64]),
        ("least", [.int64, .int64, .int64]), ("greatest", [.int64, .int64]), ("length", [.string]), ("byte_length", [.string]),
        ("length", [list]), ("find", [.string, .string]), ("-", [.date, .date]), ("year", [.date]), ("month", [.timestamp]),
        ("day", [.date]),
        ("quarter", [.timestamp]), ("weekday", [.date]), ("week", [.date]), ("iso_year", [.timestamp]), ("day_of_year", [.timestamp]),
        ("hour", [.timestamp]), ("minute", [.timestamp]), ("second", [.timestamp]), ("[]", [list, .int64]), ("first", [list]),
        ("last", [list]),
        ("list_min", [list]), ("list_max", [list]), ("nullif", [.int64, .int64]), ("coalesce", [.int64, .int64, .int64]),
        ("??", [.int64, .int64]),
        ("if", [.bool, .int64, .int64]), ("case", [.bool, .int64, .bool, .int64, .int64]), ("case", [.bool, .int64]),
        ("date_diff unit", [.date, .date]), ("date_diff unit", [.timestamp, .timestamp]),
      ],
      .float64: [
        ("+", [.float64, .float64]), ("-", [.float64, .float64]), ("*", [.float64, .float64]), ("/", [.float64, .float64]),
        ("neg", [.float64]),
        ("abs", [.float64]), ("round", [.float64]), ("floor", [.float64]), ("ceil", [.float64]), ("trunc", [.float64]),
        ("sqrt", [.float64]),
        ("least", [.float64, .float64]), ("greatest", [.float64, .float64, .float64]), ("if", [.bool, .float64, .float64]),
        ("coalesce", [.float64, .float64]), ("nullif", [.float64, .float64]),
      ],
      .string: [
        ("++", [.string, .string]), ("upper", [.string]), ("lower", [.string]), ("trim", [.string]), ("ltrim", [.string, .string]),
        ("rtrim", [.string]),
        ("substr", [.string, .int64]), ("substr", [.string, .int64, .int64]), ("left small", [.string, .int64]),
        ("right small", [.string, .int64]),
        ("reverse", [.string]), ("replace", [.string, .string, .string]), ("split_part", [.string, .string, .int64]),
        ("pad_left small", [.string, .int64, .string]),
        ("pad_right small", [.string, .int64]), ("repeat small", [.string, .int64]), ("concat", [.string, .string, .string]),
        ("if", [.bool, .string, .string]), ("case", [.bool, .string, .bool, .string, .string]), ("coalesce", [.string, .string]),
        ("nullif", [.string, .string]), ("least", [.string, .string]), ("join", [texts, .string]), ("[]", [texts, .int64]),
        ("list_max", [texts]),
      ],
      .bool: [
        ("and", [.bool, .bool]), ("or", [.bool, .bool]), ("and", [.bool, .bool, .bool]), ("not", [.bool]), ("==", [.int64, .int64]),
        ("!=", [.float64, .float64]), ("<", [.int64, .float64]), ("==", [.float64, .int64]), (">=", [.int64, .float64]),
        ("between", [.int64, .float64, .float64]), ("in", [.float64, .int64, .int64]), ("<", [.string, .string]),
        ("==", [.string, .string]), ("<=", [.date, .date]),
        (">", [.timestamp, .timestamp]),
        (">=", [.int64, .int64]), ("<", [.float64, .float64]), ("==", [.bool, .bool]), ("<", [.bool, .bool]), ("==", [list, list]),
        ("in", [.int64, .int64, .int64]), ("in", [.string, .string, .string]), ("between", [.int64, .int64, .int64]),
        ("between", [.float64, .float64, .float64]), ("between", [.string, .string, .string]), ("is_null", [.string]),
        ("is_not_null", [list]),
        ("is_null", [.int64]), ("is_nan", [.float64]), ("is_finite", [.float64]), ("starts_with", [.string, .string]),
        ("ends_with", [.string, .string]),
        ("contains", [.string, .string]), ("contains", [list, .int64]), ("if", [.bool, .bool, .bool]), ("coalesce", [.bool, .bool]),
        ("~ pattern", [.string]), ("!~ pattern", [.string]),
      ],
      .date: [
        ("+", [.date, .int64]), ("-", [.date, .int64]), ("if", [.bool, .date, .date]), ("coalesce", [.date, .date]),
        ("date_trunc unit", [.date]),
        ("date_add unit small", [.int64, .date]), ("greatest", [.date, .date]),
      ],
      .timestamp: [
        ("if", [.bool, .timestamp, .timestamp]), ("date_trunc unit", [.timestamp]), ("date_add unit small", [.int64, .timestamp]),
        ("least", [.timestamp, .timestamp]),
      ],
      list: [
        ("list", [.int64, .int64]), ("reverse", [list]), ("list_sort", [list]), ("list_unique", [list]), ("++", [list, list]),
        ("slice", [list, .int64, .int64]), ("if", [.bool, list, list]), ("coalesce", [list, list]),
      ],
      texts: [("split", [.string]), ("split", [.string, .string]), ("list", [.string, .string]), ("slice", [texts, .int64])],
    ]
  }()

  private static let casts: [DataType: [DataType]] = [
    .int64: [.float64, .string, .bool], .float64: [.int64, .string, .bool],
    .string: [.int64, .float64, .bool, .date, .timestamp, .list(.int64)],
    .bool: [.int64, .string], .date: [.timestamp], .timestamp: [.date], .list(.int64): [.list(.string)], .list(.string): [.list(.int64)],
  ]

  /// The parameters of the lambdas around what is being made.
  var parameters: [DataType] = []

  mutating func expression(_ type: DataType, depth: Int) -> Expression {
    if depth == 0 || random.chance(15) { return leaf(type) }
    if random.chance(15), let call = lambdaCall(type, depth: depth) { return call }
    if random.chance(12), let source = Self.casts[type].map({ random.pick($0) }) {
      return .cast(expression(source, depth: depth - 1), to: type, isTry: random.chance(60))
    }
    let candidates = (Self.functions[type] ?? []) + (Self.furtherFunctions[type] ?? [])
    guard !candidates.isEmpty else { return leaf(type) }
    let (label, parameters) = random.pick(candidates)
    let words = label.split(separator: " ").map(String.init)
    var arguments = parameters.map { expression($0, depth: depth - 1) }
    if words.contains("small") {
      // A count that a text or a date can take; the rest of the range is tested by hand.
      for (index, parameter) in parameters.enumerated() where parameter == .int64 {
        arguments[index] = .literal(.int64(Int64(random.int(-12...12))), .int64)
      }
    }
    if words.contains("pattern") {
      arguments.append(.literal(.string(random.pick(["a", "^[ab]", "[0-9]+", "x|é", "b.?c", "^$", "A-"])), .string))
    }
    if words.contains("unit") {
      let units =
        parameters.contains(.date)
        ? ["year", "quarter", "month", "week", "day"] : ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]
      arguments.insert(.literal(.string(random.pick(units)), .string), at: 0)
    }
    return .call(words[0], arguments, type)
  }

  /// A call with a lambda that gives such a value.
  private mutating func lambdaCall(_ type: DataType, depth: Int) -> Expression? {
    let element: DataType = random.pick([.int64, .string])
    let list = expression(.list(element), depth: depth - 1)
    func call(_ name: String, _ rest: Expression...) -> Expression { .call(name, [list] + rest, type) }
    switch type {
    case .bool: return call(random.pick(["list_any", "list_all"]), lambda([element], to: .bool, depth))
    case .list(let result) where result == element && random.chance(70):
      let names = ["list_filter", "list_take_while", "list_drop_while"]
      return random.chance(60)
        ? call(random.pick(names), lambda([element], to: .bool, depth))
        : call("list_sort_by", lambda([element], to: random.pick([.int64, .string, .float64]), depth))
    case .list(let result): return call("list_map", lambda([element], to: result, depth))
    case .int64, .string:
      if type == .int64, random.chance(20) { return call("list_count_if", lambda([element], to: .bool, depth)) }
      if type == element, random.chance(40) {
        return random.chance(50)
          ? call("list_find", lambda([element], to: .bool, depth))
          : call(random.pick(["list_max_by", "list_min_by"]), lambda([element], to: random.pick([.int64, .string]), depth))
      }
      if type == element, random.chance(50) { return call("list_reduce", lambda([type, element], to: type, depth)) }
      return call("list_reduce", lambda([type, element], to: type, depth), expression(type, depth: depth - 1))
    default: return nil
    }
  }

  private mutating func lambda(_ types: [DataType], to result: DataType, _ depth: Int) -> Expression {
    let first = parameters.count
    parameters += types
    defer { parameters.removeLast(types.count) }
    return .lambda(first: first, types, body: expression(result, depth: depth - 1))
  }

  private mutating func leaf(_ type: DataType) -> Expression {
    let fitting = parameters.indices.filter { parameters[$0] == type }
    if !fitting.isEmpty, random.chance(60) { return .parameter(random.pick(fitting), type) }
    if random.chance(30) { return .literal(value(type, nullPercent: 15), type) }
    let index = Self.fields.firstIndex { $0.type == type } ?? 0
    return .column(index + random.int(0...1), type)
  }
}
