// The types a column can have.
import DshDiagnostics

/// The type of a column or of an expression.
public indirect enum DataType: Hashable, Sendable {
  /// The type of a literal `null` and of a column that holds nothing else.
  case null
  case bool
  case int64
  case float64
  /// UTF-8 text.
  case string
  /// Days since 1970-01-01 as a 32-bit integer.
  case date
  /// Microseconds since 1970-01-01 00:00:00 as a 64-bit integer, without a time zone.
  case timestamp
  case binary
  case list(DataType)
  case structure([Field])

  /// The name that `schema` prints and that a cast understands.
  public var name: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .int64: "int64"
    case .float64: "float64"
    case .string: "string"
    case .date: "date"
    case .timestamp: "timestamp"
    case .binary: "binary"
    case .list(let element): "list<\(element.name)>"
    case .structure(let fields): "struct<\(fields.map { "\($0.name): \($0.type.name)" }.joined(separator: ", "))>"
    }
  }

  /// The type with a name as a person types it, or nil. Understands `list<…>` and a few well-known synonyms.
  public init?(name: String) {
    switch name.lowercased() {
    case "bool", "boolean": self = .bool
    case "int64", "int", "integer", "bigint": self = .int64
    case "float64", "float", "double": self = .float64
    case "string", "text", "str", "varchar": self = .string
    case "date": self = .date
    case "timestamp", "datetime": self = .timestamp
    case "binary": self = .binary
    default:
      guard name.lowercased().hasPrefix("list<"), name.hasSuffix(">"),
        let element = DataType(name: String(name.dropFirst(5).dropLast()))
      else { return nil }
      self = .list(element)
    }
  }

  /// The names of the types a person can ask for, in the order in which they are listed.
  public static let askableNames = ["int64", "float64", "bool", "string", "date", "timestamp"]

  /// The type of the elements of a list; null of anything else.
  public var element: DataType { if case .list(let element) = self { element } else { .null } }

  /// Whether arithmetic is defined.
  @inlinable public var isNumeric: Bool { self == .int64 || self == .float64 }

  /// The bytes one value takes in a fixed-width column; nil for text, lists, bits and nothing.
  @inlinable public var fixedWidthBytes: Int? {
    switch self {
    case .int64, .float64, .timestamp: 8
    case .date: 4
    default: nil
    }
  }

  /// The tightest type both can be turned into without losing a value, or nil if there is none.
  public func unified(with other: DataType) -> DataType? {
    if self == other { return self }
    switch (self, other) {
    case (.null, let type), (let type, .null): return type
    case (.int64, .float64), (.float64, .int64): return .float64
    case (.date, .timestamp), (.timestamp, .date): return .timestamp
    case (.list(let a), .list(let b)): return a.unified(with: b).map { .list($0) }
    default: return nil
    }
  }
}

/// A named, typed place in a schema or a structure.
public struct Field: Hashable, Sendable {
  @ExactText public var name: String
  public var type: DataType

  public init(_ name: String, _ type: DataType) {
    self.name = name
    self.type = type
  }
}
