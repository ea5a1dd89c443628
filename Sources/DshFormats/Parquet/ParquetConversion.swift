// How the values of a leaf become those of a column.
import DshColumns
import DshDiagnostics

/// What is done to each value on its way.
enum ParquetConversion: Equatable {
  /// Nothing: so many bytes of a file are so many bytes of a column.
  case same
  /// One bit a value.
  case bits
  /// Text or binary data.
  case text
  /// Fixed bytes become binary data.
  case fixedText
  case widenedInt32
  case widenedUInt32
  case widenedFloat
  case float16
  /// Nanoseconds of a day and a Julian day, to microseconds since 1970.
  case int96
  case multiplied(by: Int64)
  /// Values are left out: the column is of nulls.
  case nothing

  /// The type of the column of a leaf.
  static func of(_ type: ParquetPhysicalType, _ logical: ParquetLogicalType?, lengthBytes: Int, _ place: ParquetPlace) throws -> (
    DataType, ParquetConversion
  ) {
    if logical == .unknown { return (.null, .nothing) }
    switch (type, logical) {
    case (.boolean, _): return (.bool, .bits)
    case (.int32, .date): return (.date, .same)
    case (.int32, .integer(_, isSigned: false)): return (.int64, .widenedUInt32)
    case (.int32, _): return (.int64, .widenedInt32)
    case (.int64, .timestamp(let unit, _)): return (.timestamp, unit == .milliseconds ? .multiplied(by: 1000) : .same)
    case (.int64, _): return (.int64, .same)
    case (.int96, _): return (.timestamp, .int96)
    case (.float, _): return (.float64, .widenedFloat)
    case (.double, _): return (.float64, .same)
    case (.byteArray, .string), (.byteArray, .json), (.byteArray, .enumeration): return (.string, .text)
    case (.byteArray, _): return (.binary, .text)
    case (.fixedBytes, .float16) where lengthBytes == 2: return (.float64, .float16)
    case (.fixedBytes, _): return (.binary, .fixedText)
    }
  }
}
