// One value on its own: a literal, a cell on its way to a table, a scalar result. Never used per row in hot loops.
import DshDiagnostics

/// A single value.
public indirect enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int64(Int64)
  case float64(Double)
  case string(String)
  /// Days since 1970-01-01.
  case date(Int32)
  /// Microseconds since 1970-01-01.
  case timestamp(Int64)
  case binary([UInt8])
  /// The elements of a list.
  case list([Value])
  /// The entries of a map of keys and values of these types, as structures of `key` and `value`.
  case map(DataType, DataType, [Value])
  case structure([Field], [Value])
  /// Also a uint64, as one of twenty digits.
  case decimal(DecimalNumber)
  /// The time of a day.
  case time(Int64, TimeResolution)
  case duration(Int64, TimeResolution)
  /// A timestamp in another unit than microseconds, or for a zone.
  case instant(Int64, TimeResolution, zone: String?)

  /// The type of the value; a list takes the unified type of its elements (int64 and float64 give float64).
  public var type: DataType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int64: .int64
    case .float64: .float64
    case .string: .string
    case .date: .date
    case .timestamp: .timestamp
    case .binary: .binary
    case .list(let elements): .list(elements.reduce(.null) { $0.unified(with: $1.type) ?? .string })
    case .map(let key, let value, _): .map(key, value)
    case .structure(let fields, _): .structure(fields)
    case .decimal(let number): number.type
    case .time(_, let unit): .time(unit)
    case .duration(_, let unit): .duration(unit)
    case .instant(_, let unit, let zone): .instant(unit, zone: zone)
    }
  }

  public var isNull: Bool { self == .null }

  /// Texts are equal if their bytes are.
  public static func == (one: Value, other: Value) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.int64(let one), .int64(let other)), (.timestamp(let one), .timestamp(let other)): one == other
    case (.float64(let one), .float64(let other)): one == other
    case (.string(let one), .string(let other)): one.isExactly(other)
    case (.date(let one), .date(let other)): one == other
    case (.binary(let one), .binary(let other)): one == other
    case (.list(let one), .list(let other)): one == other
    case (.map(let oneKey, let oneValue, let one), .map(let otherKey, let otherValue, let other)):
      oneKey == otherKey && oneValue == otherValue && one == other
    case (.structure(let oneFields, let one), .structure(let otherFields, let other)): oneFields == otherFields && one == other
    case (.decimal(let one), .decimal(let other)): one == other
    case (.time(let one, let unit), .time(let other, let otherUnit)): one == other && unit == otherUnit
    case (.duration(let one, let unit), .duration(let other, let otherUnit)): one == other && unit == otherUnit
    case (.instant(let one, let unit, let zone), .instant(let other, let otherUnit, let otherZone)):
      one == other && unit == otherUnit && zone == otherZone
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: break
    case .bool(let flag): hasher.combine(flag)
    case .int64(let number), .timestamp(let number): hasher.combine(number)
    case .float64(let number): hasher.combine(number)
    case .string(let text): hasher.combine(exactly: text)
    case .date(let days): hasher.combine(days)
    case .binary(let bytes): hasher.combine(bytes)
    case .list(let elements), .map(_, _, let elements), .structure(_, let elements): hasher.combine(elements)
    case .decimal(let number): hasher.combine(number)
    case .time(let count, _), .duration(let count, _), .instant(let count, _, _): hasher.combine(count)
    }
  }
}
