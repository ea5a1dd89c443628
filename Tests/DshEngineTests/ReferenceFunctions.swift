// The functions of the reference evaluator, written with strings and the standard library instead of bytes and kernels.

import DshColumns
import DshPlan
import Foundation

enum ReferenceFunctions {
  static func call(_ name: String, _ values: [Value]) throws(ReferenceError) -> Value {
    switch name {
    case "is_null": return .bool(values[0].isNull)
    case "is_not_null": return .bool(!values[0].isNull)
    case "list": return .list(values)
    case "concat": return .string(values.map { text($0) ?? "" }.joined())
    case "least", "greatest":
      var best = Value.null
      for value in values where !value.isNull {
        if best.isNull || (name == "least" ? order(value, best) < 0 : order(value, best) > 0) { best = value }
      }
      return best
    case "nullif": return compare("==", values[0], values[1]) == .bool(true) ? .null : values[0]
    case "in":
      if values[0].isNull { return .null }
      if values.dropFirst().contains(where: { compare("==", values[0], $0) == .bool(true) }) { return .bool(true) }
      return values.contains(.null) ? .null : .bool(false)
    case "between":
      let low = compare(">=", values[0], values[1])
      let high = compare("<=", values[0], values[2])
      if low == .bool(false) || high == .bool(false) { return .bool(false) }
      return low.isNull || high.isNull ? .null : .bool(true)
    default: break
    }
    if let result = ReferenceLists.callWithNulls(name, values) { return result }
    if values.contains(.null) { return .null }
    if let result = try ReferenceNumbers.call(name, values) { return result }
    if let result = ReferenceLists.call(name, values) { return result }
    if let result = ReferenceTexts.call(name, values) { return result }
    if ["==", "!=", "<", "<=", ">", ">="].contains(name) { return compare(name, values[0], values[1]) }
    if let result = try arithmetic(name, values) { return result }
    if let result = textFunction(name, values) { return result }
    if let result = listFunction(name, values) { return result }
    if let result = try timeFunction(name, values) { return result }
    throw ReferenceError("no reference for \(name)")
  }

  // MARK: Order

  static func order(_ a: Value, _ b: Value) -> Int {
    func sign<T: Comparable>(_ x: T, _ y: T) -> Int { x < y ? -1 : x > y ? 1 : 0 }
    switch (a, b) {
    case (.null, .null): return 0
    case (.null, _): return 1
    case (_, .null): return -1
    case (.bool(let x), .bool(let y)): return sign(x ? 1 : 0, y ? 1 : 0)
    case (.int64(let x), .int64(let y)): return sign(x, y)
    case (.float64(let x), .float64(let y)): return x.isNaN || y.isNaN ? sign(x.isNaN ? 1 : 0, y.isNaN ? 1 : 0) : sign(x, y)
    case (.int64(let x), .float64(let y)):
      if y >= 0x1p63 || y.isNaN { return -1 }
      if y < -0x1p63 { return 1 }
      let whole = Int64(y.rounded(.towardZero))
      return x != whole ? sign(x, whole) : sign(0, y - Double(whole))
    case (.float64, .int64): return -order(b, a)
    case (.date(let x), .date(let y)): return sign(x, y)
    case (.timestamp(let x), .timestamp(let y)): return sign(x, y)
    case (.string(let x), .string(let y)):
      return x.utf8.lexicographicallyPrecedes(y.utf8) ? -1 : y.utf8.lexicographicallyPrecedes(x.utf8) ? 1 : 0
    case (.list(let x), .list(let y)):
      for (p, q) in zip(x, y) where order(p, q) != 0 { return order(p, q) }
      return sign(x.count, y.count)
    default: return 0
    }
  }

  static func compare(_ name: String, _ a: Value, _ b: Value) -> Value {
    if a.isNull || b.isNull { return .null }
    for side in [a, b] {
      if case .float64(let number) = side, number.isNaN { return .bool(name == "!=") }
    }
    let result = order(a, b)
    switch name {
    case "==": return .bool(result == 0)
    case "!=": return .bool(result != 0)
    case "<": return .bool(result < 0)
    case "<=": return .bool(result <= 0)
    case ">": return .bool(result > 0)
    default: return .bool(result >= 0)
    }
  }

  // MARK: Numbers

  private static func arithmetic(_ name: String, _ values: [Value]) throws(ReferenceError) -> Value? {
    let overflow = ReferenceError("integer-overflow")
    func checked(_ pair: (partialValue: Int64, overflow: Bool)) throws(ReferenceError) -> Value {
      if pair.overflow { throw overflow }
      return .int64(pair.partialValue)
    }
    switch (name, values.first, values.dropFirst().first) {
    case ("+", .int64(let a), .int64(let b)): return try checked(a.addingReportingOverflow(b))
    case ("-", .int64(let a), .int64(let b)): return try checked(a.subtractingReportingOverflow(b))
    case ("*", .int64(let a), .int64(let b)): return try checked(a.multipliedReportingOverflow(by: b))
    case ("//", .int64(let a), .int64(let b)):
      if b == 0 { return .null }
      if a == .min && b == -1 { throw overflow }
      return .int64(Int64((Decimal(a) / Decimal(b)).rounded(down: true)) ?? 0)
    case ("%", .int64(let a), .int64(let b)):
      if b == 0 { return .null }
      if b == -1 { return .int64(0) }
      let truncated = a % b
      return .int64(truncated != 0 && (truncated > 0) != (b > 0) ? truncated + b : truncated)
    case ("+", .float64(let a), .float64(let b)): return .float64(a + b)
    case ("-", .float64(let a), .float64(let b)): return .float64(a - b)
    case ("*", .float64(let a), .float64(let b)): return .float64(a * b)
    case ("/", .float64(let a), .float64(let b)): return .float64(a / b)
    case ("neg", .int64(let a), _): return try checked(Int64(0).subtractingReportingOverflow(a))
    case ("neg", .float64(let a), _): return .float64(-a)
    case ("abs", .int64(let a), _): return a == .min ? try checked((0, true)) : .int64(Swift.abs(a))
    case ("abs", .float64(let a), _): return .float64(Swift.abs(a))
    case ("sign", .int64(let a), _): return .int64(a > 0 ? 1 : a < 0 ? -1 : 0)
    case ("sign", .float64(let a), _): return .int64(a > 0 ? 1 : a < 0 ? -1 : 0)
    case ("round", .float64(let a), nil): return .float64(a.rounded(.toNearestOrAwayFromZero))
    case ("floor", .float64(let a), _): return .float64(Foundation.floor(a))
    case ("ceil", .float64(let a), _): return .float64(Foundation.ceil(a))
    case ("trunc", .float64(let a), _): return .float64(Foundation.trunc(a))
    case ("sqrt", .float64(let a), _): return .float64(a.squareRoot())
    case ("is_nan", .float64(let a), _): return .bool(a != a)
    case ("is_finite", .float64(let a), _): return .bool(a.isFinite)
    case ("not", .bool(let a), _): return .bool(!a)
    case ("clamp", .int64(let a), .int64(let low)):
      guard case .int64(let high) = values[2] else { return nil }
      return .int64(Swift.min(Swift.max(a, low), high))
    case ("-", .date(let a), .date(let b)): return .int64(Int64(a) - Int64(b))
    case ("+", .date(let a), .int64(let b)), ("+", .int64(let b), .date(let a)): return try shifted(a, b)
    case ("-", .date(let a), .int64(let b)):
      if b == .min { throw ReferenceError("date-out-of-range") }
      return try shifted(a, -b)
    default: return nil
    }
  }

  private static func shifted(_ date: Int32, _ days: Int64) throws(ReferenceError) -> Value {
    let (sum, overflow) = Int64(date).addingReportingOverflow(days)
    guard !overflow, let result = Int32(exactly: sum) else { throw ReferenceError("date-out-of-range") }
    return .date(result)
  }

  // MARK: Text

  static func text(_ value: Value) -> String? {
    if case .string(let text) = value { return text }
    return nil
  }

  private static func textFunction(_ name: String, _ values: [Value]) -> Value? {
    guard let first = values.first, let text = text(first) else { return nil }
    let scalars = Array(text.unicodeScalars)
    func string(_ scalars: some Sequence<Unicode.Scalar>) -> Value {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      return .string(String(view))
    }
    let second = values.count > 1 ? self.text(values[1]) ?? "" : ""
    let third = values.count > 2 ? self.text(values[2]) ?? "" : ""
    var numbers: [Int128] = []
    for case .int64(let number) in values.dropFirst() { numbers.append(Int128(number)) }
    switch name {
    case "++": return .string(text + second)
    case "upper": return .string(text.uppercased())
    case "lower": return .string(text.lowercased())
    case "length": return .int64(Int64(scalars.count))
    case "byte_length": return .int64(Int64(text.utf8.count))
    case "reverse": return string(scalars.reversed())
    case "trim", "ltrim", "rtrim":
      let isTrimmed: (Unicode.Scalar) -> Bool = { values.count > 1 ? second.unicodeScalars.contains($0) : $0.properties.isWhitespace }
      var kept = scalars[...]
      if name != "rtrim" { kept = kept.drop(while: isTrimmed) }
      if name != "ltrim" { while let last = kept.last, isTrimmed(last) { kept.removeLast() } }
      return string(kept)
    case "starts_with": return .bool(Array(text.utf8).starts(with: Array(second.utf8)))
    case "ends_with": return .bool(Array(text.utf8).reversed().starts(with: Array(second.utf8).reversed()))
    case "contains": return .bool(offset(of: second, in: text, from: 0) != nil)
    case "find":
      return offset(of: second, in: text, from: 0).map {
        .int64(Int64(String(decoding: Array(text.utf8)[..<$0], as: UTF8.self).unicodeScalars.count) + 1)
      } ?? .null
    case "replace": return .string(second.isEmpty ? text : pieces(text, second).joined(separator: third))
    case "split" where values.count == 2:
      return .list((second.isEmpty ? scalars.map { String($0) } : pieces(text, second)).map { .string($0) })
    case "split":
      return .list(scalars.split(whereSeparator: { $0.properties.isWhitespace }).map { string($0) })
    case "split_part":
      let parts = second.isEmpty ? scalars.map { String($0) } : pieces(text, second)
      let index = numbers[0] < 0 ? Int128(parts.count) + numbers[0] : numbers[0] - 1
      return index >= 0 && index < parts.count ? .string(parts[Int(index)]) : .null
    case "substr":
      let count = Int128(scalars.count)
      let from = numbers[0] < 0 ? count + numbers[0] + 1 : numbers[0]
      return string(
        scalars.enumerated().filter { offset, _ in
          let position = Int128(offset) + 1
          return position >= from && (numbers.count == 1 || position < from + numbers[1])
        }.map(\.element))
    case "left": return string(scalars.prefix(numbers[0] >= 0 ? Int(numbers[0]) : max(0, scalars.count + Int(numbers[0]))))
    case "right": return string(numbers[0] >= 0 ? scalars.suffix(Int(numbers[0])) : scalars.dropFirst(-Int(numbers[0])))
    case "pad_left", "pad_right":
      let missing = max(0, Int(numbers[0]) - scalars.count)
      let fill = values.count > 2 ? Array(third.unicodeScalars) : [" "]
      let padding = fill.isEmpty ? [] : (0..<missing).map { fill[$0 % fill.count] }
      return string(name == "pad_left" ? padding + scalars : scalars + padding)
    case "repeat": return .string(String(repeating: text, count: max(0, Int(numbers[0]))))
    case "~": return .bool(matches(text, second))
    case "!~": return .bool(!matches(text, second))
    default: return nil
    }
  }

  private static func matches(_ text: String, _ pattern: String) -> Bool {
    guard let regex = try? NSRegularExpression(pattern: pattern) else { return false }
    return regex.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
  }

  private static func offset(of part: String, in text: String, from start: Int) -> Int? {
    let (haystack, needle) = (Array(text.utf8), Array(part.utf8))
    guard needle.count <= haystack.count else { return nil }
    return (start...max(start, haystack.count - needle.count)).first {
      $0 + needle.count <= haystack.count && Array(haystack[$0..<$0 + needle.count]) == needle
    }
  }

  private static func pieces(_ text: String, _ separator: String) -> [String] {
    let bytes = Array(text.utf8)
    var result: [String] = []
    var start = 0
    while start <= bytes.count, let found = offset(of: separator, in: text, from: start) {
      result.append(String(decoding: bytes[start..<found], as: UTF8.self))
      start = found + separator.utf8.count
    }
    return result + [String(decoding: bytes[start...], as: UTF8.self)]
  }

  // MARK: Lists

  private static func listFunction(_ name: String, _ values: [Value]) -> Value? {
    guard case .list(let members)? = values.first else { return nil }
    var numbers: [Int128] = []
    for case .int64(let number) in values.dropFirst() { numbers.append(Int128(number)) }
    switch name {
    case "length": return .int64(Int64(members.count))
    case "[]":
      let index = numbers[0] < 0 ? Int128(members.count) + numbers[0] : numbers[0]
      return index >= 0 && index < members.count ? members[Int(index)] : .null
    case "first": return members.first ?? .null
    case "last": return members.last ?? .null
    case "reverse": return .list(members.reversed())
    case "++": if case .list(let more) = values[1] { return .list(members + more) } else { return nil }
    case "contains": return .bool(members.contains { !$0.isNull && order($0, values[1]) == 0 })
    case "join": return .string(members.compactMap { text($0) }.joined(separator: text(values[1]) ?? ""))
    case "list_sort": return .list(members.sorted { order($0, $1) < 0 })
    case "list_unique":
      var result: [Value] = []
      for value in members.sorted(by: { order($0, $1) < 0 }) where !value.isNull && (result.last.map { order($0, value) != 0 } ?? true) {
        result.append(value)
      }
      return .list(result)
    case "list_min": return members.filter { !$0.isNull }.min { order($0, $1) < 0 } ?? .null
    case "list_max": return members.filter { !$0.isNull }.max { order($0, $1) < 0 } ?? .null
    case "slice":
      let start = numbers[0] < 0 ? max(0, Int128(members.count) + numbers[0]) : min(numbers[0], Int128(members.count))
      let rest = members[Int(start)...]
      return .list(Array(numbers.count > 1 ? rest.prefix(Int(min(max(0, numbers[1]), 1000))) : rest))
    default: return nil
    }
  }
}

extension Decimal {
  fileprivate func rounded(down: Bool) -> Decimal {
    var (input, output) = (self, Decimal())
    NSDecimalRound(&output, &input, 0, .down)
    return output
  }
}

extension Int64 {
  fileprivate init?(_ decimal: Decimal) {
    guard let number = Int64("\(decimal)") else { return nil }
    self = number
  }
}
