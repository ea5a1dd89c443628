// The types a column can have.
import DshDiagnostics

/// The type of a column or of an expression.
///
/// A column may be stored in a type that nothing is computed in: `computed` says what expressions make of it.
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
  /// A number stored in fewer bytes than it is computed in.
  case narrow(NarrowNumber)
  case uint64
  /// A whole number of at most `precision` digits (1 to 38), `scale` of them (0 to `precision`) behind the point.
  case decimal(precision: Int, scale: Int)
  /// The time of a day since midnight, as a 64-bit integer.
  case time(TimeResolution)
  /// A length of time, as a 64-bit integer.
  case duration(TimeResolution)
  /// A timestamp in another unit than microseconds, or with a time zone: it counts from 1970-01-01 00:00:00 UTC then, and the zone says
  /// where it is meant for. `timestamp(_:zone:)` makes it, as what is a `timestamp` must not be an instant too.
  case instant(TimeResolution, zone: String?)
  /// Keys and values, laid out as a list of structures with the fields `key` and `value`.
  case map(DataType, DataType)

  /// The most digits of a decimal: those of every number of 127 bits.
  public static let largestPrecision = 38

  /// A timestamp in a unit, for a zone or none.
  public static func timestamp(_ unit: TimeResolution, zone: String?) -> DataType {
    unit == .microseconds && zone == nil ? .timestamp : .instant(unit, zone: zone)
  }

  /// The names of the types a person can ask for, in the order in which they are listed.
  public static let askableNames = ["int64", "float64", "bool", "string", "date", "timestamp"]

  /// The type of the elements of a list; null of anything else.
  public var element: DataType { if case .list(let element) = self { element } else { .null } }

  /// The type of the entries of a map; nil of anything else.
  public var entry: DataType? {
    if case .map(let key, let value) = self { .structure([Field("key", key), Field("value", value)]) } else { nil }
  }

  /// The type of what a column of lists or maps holds one after another; nil of anything else.
  public var member: DataType? { if case .list(let element) = self { element } else { entry } }

  /// Whether it is a number of any kind.
  @inlinable public var isNumeric: Bool {
    switch self {
    case .int64, .float64, .narrow, .uint64, .decimal: true
    default: false
    }
  }

  /// Whether values have an order that can be seen: of lists, structures and maps it can't.
  public var isOrdered: Bool {
    switch self {
    case .list, .structure, .map: false
    default: true
    }
  }

  /// How values lie in a column of fixed width; nil for text, lists, bits and nothing.
  @inlinable public var fixedLayout: FixedLayout? {
    switch self {
    case .int64, .timestamp, .time, .duration, .instant: .int64
    case .float64: .float64
    case .date: .int32
    case .uint64: .uint64
    case .decimal: .int128
    case .narrow(let number): number.layout
    case .null, .bool, .string, .binary, .list, .structure, .map: nil
    }
  }

  /// The bytes one value takes in a fixed-width column; nil for text, lists, bits and nothing.
  @inlinable public var fixedWidthBytes: Int? { fixedLayout?.byteCount }

  /// The type that expressions compute with: whole numbers in int64, floats in float64, time in microseconds unless it is finer.
  public var computed: DataType {
    switch self {
    case .narrow(.float32): .float64
    case .narrow: .int64
    case .uint64: .decimal(precision: 20, scale: 0)
    case .time(let unit): .time(max(unit, .microseconds))
    case .duration(let unit): .duration(max(unit, .microseconds))
    case .instant(let unit, let zone): .timestamp(max(unit, .microseconds), zone: zone)
    case .list(let element): .list(element.computed)
    case .map(let key, let value): .map(key.computed, value.computed)
    case .structure(let fields): .structure(fields.map { Field($0.name, $0.type.computed) })
    case .null, .bool, .int64, .float64, .string, .date, .timestamp, .binary, .decimal: self
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
