// Whole numbers, bits and rounding for the reference evaluator.

import DshColumns

enum ReferenceNumbers {
  /// The value of a call over values that are not null; nil if it is of no such function.
  static func call(_ name: String, _ values: [Value]) throws(ReferenceError) -> Value? {
    switch (name, values.first, values.dropFirst().first) {
    case ("gcd", .int64(let a), .int64(let b)): return try whole(divisor(a, b))
    case ("lcm", .int64(let a), .int64(let b)):
      if a == 0 || b == 0 { return .int64(0) }
      let (product, overflow) = a.magnitude.multipliedReportingOverflow(by: b.magnitude / divisor(a, b))
      if overflow { throw ReferenceError("integer-overflow") }
      return try whole(product)
    case ("bit_and", .int64(let a), .int64(let b)): return bits { ($0 & 1) * ($1 & 1) }(a, b)
    case ("bit_or", .int64(let a), .int64(let b)): return bits { max($0 & 1, $1 & 1) }(a, b)
    case ("bit_xor", .int64(let a), .int64(let b)): return bits { (($0 & 1) + ($1 & 1)) % 2 }(a, b)
    case ("bit_not", .int64(let a), _): return .int64(-1 - a)
    case ("bit_count", .int64(let a), _): return .int64(Int64(String(UInt64(bitPattern: a), radix: 2).filter { $0 == "1" }.count))
    case ("shift_left", .int64(let a), .int64(let count)): return shifted(a, count)
    case ("shift_right", .int64(let a), .int64(let count)): return shifted(a, -count)
    case ("is_even", .int64(let a), _): return .bool(a % 2 == 0)
    case ("is_odd", .int64(let a), _): return .bool(a % 2 != 0)
    case ("is_infinite", .float64(let a), _): return .bool(a == .infinity || a == -.infinity)
    case ("round_even", .float64(let a), nil): return .float64(a.rounded(.toNearestOrEven))
    case ("to_hex", .int64(let a), _): return .string((a < 0 ? "-" : "") + String(a.magnitude, radix: 16))
    case ("to_binary", .int64(let a), _): return .string((a < 0 ? "-" : "") + String(a.magnitude, radix: 2))
    default: return nil
    }
  }

  private static func whole(_ number: UInt64) throws(ReferenceError) -> Value {
    guard let result = Int64(exactly: number) else { throw ReferenceError("integer-overflow") }
    return .int64(result)
  }

  private static func divisor(_ a: Int64, _ b: Int64) -> UInt64 { euclid(a.magnitude, b.magnitude) }

  private static func euclid(_ a: UInt64, _ b: UInt64) -> UInt64 { b == 0 ? a : euclid(b, a % b) }

  private static func bits(_ join: @escaping (UInt64, UInt64) -> UInt64) -> (Int64, Int64) -> Value {
    { a, b in
      let (x, y) = (UInt64(bitPattern: a), UInt64(bitPattern: b))
      return .int64(Int64(bitPattern: (0..<64).reduce(0) { $0 | join(x >> UInt64($1), y >> UInt64($1)) << UInt64($1) }))
    }
  }

  /// Multiplied by two, or divided and rounded down, so many times.
  private static func shifted(_ number: Int64, _ count: Int64) -> Value {
    var result = number
    for _ in 0..<min(count.magnitude, 64) {
      result = count > 0 ? result &* 2 : result < 0 && result % 2 != 0 ? result / 2 - 1 : result / 2
    }
    return .int64(result)
  }
}
