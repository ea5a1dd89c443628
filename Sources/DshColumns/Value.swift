// One value on its own: a literal, a cell on its way to a table, a scalar result. Never used per row in hot loops.

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
  case list([Value])
  case structure([Field], [Value])

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
    case .structure(let fields, _): .structure(fields)
    }
  }

  public var isNull: Bool { self == .null }
}
