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
  /// Whole numbers of 32 bits that have to fit into fewer.
  case narrowed
  case int32ToInt64
  /// Milliseconds, of 32 bits or 64, that have to be whole seconds.
  case millisecondsToSeconds
  case int32ToInt128
  case int64ToInt128
  /// Fixed bytes, the highest first, to whole numbers of 128 bits.
  case bytesToInt128
  /// The same for bytes of any number.
  case textToInt128
  case float16
  /// Nanoseconds of a day and a Julian day, to microseconds since 1970: writers have years in them that 64 bits of nanoseconds don't reach. What is behind a
  /// microsecond is left out.
  case int96
  /// Values are left out: the column is of nulls.
  case nothing

  /// The type of the column of a leaf (Apache Parquet format, "Logical types").
  static func of(_ type: ParquetPhysicalType, _ logical: ParquetLogicalType?, lengthBytes: Int, _ place: ParquetPlace) throws -> (
    DataType, ParquetConversion
  ) {
    if logical == .unknown { return (.null, .nothing) }
    if case .decimal(let precision, let scale)? = logical {
      return try decimal(type, precision: precision, scale: scale, lengthBytes, place)
    }
    switch (type, logical) {
    case (.boolean, _): return (.bool, .bits)
    case (.int32, .date): return (.date, .same)
    case (.int32, .time(let unit, _)): return (.time(unit.resolution), .int32ToInt64)
    case (.int32, .integer(let bits, let isSigned)):
      switch bits {
      case 8: return (.narrow(isSigned ? .int8 : .uint8), .narrowed)
      case 16: return (.narrow(isSigned ? .int16 : .uint16), .narrowed)
      default: return (.narrow(isSigned ? .int32 : .uint32), .same)
      }
    case (.int32, _): return (.narrow(.int32), .same)
    case (.int64, .timestamp(let unit, let isUTC)): return (.timestamp(unit.resolution, zone: isUTC ? "UTC" : nil), .same)
    case (.int64, .time(let unit, _)): return (.time(unit.resolution), .same)
    case (.int64, .integer(_, isSigned: false)): return (.uint64, .same)
    case (.int64, _): return (.int64, .same)
    case (.int96, _): return (.timestamp, .int96)
    case (.float, _): return (.narrow(.float32), .same)
    case (.double, _): return (.float64, .same)
    case (.byteArray, .string), (.byteArray, .json), (.byteArray, .enumeration): return (.string, .text)
    case (.byteArray, _): return (.binary, .text)
    case (.fixedBytes, .float16) where lengthBytes == 2: return (.narrow(.float32), .float16)
    case (.fixedBytes, _): return (.binary, .fixedText)
    }
  }

  private static func decimal(
    _ type: ParquetPhysicalType, precision: Int, scale: Int, _ lengthBytes: Int, _ place: ParquetPlace
  ) throws -> (DataType, ParquetConversion) {
    guard precision > 0, scale >= 0, scale <= precision else {
      throw place.damaged("a decimal has \(precision) digits, \(scale) of them behind the point")
    }
    guard precision <= DataType.largestPrecision else { throw place.unsupported("a decimal of \(precision) digits") }
    let decimal = DataType.decimal(precision: precision, scale: scale)
    switch type {
    case .int32: return (decimal, .int32ToInt128)
    case .int64: return (decimal, .int64ToInt128)
    case .fixedBytes: return (decimal, .bytesToInt128)
    case .byteArray: return (decimal, .textToInt128)
    case .boolean, .int96, .float, .double: throw place.damaged("a decimal is kept as something that holds none")
    }
  }
}

extension ParquetLogicalType.Unit {
  var resolution: TimeResolution {
    switch self {
    case .milliseconds: .milliseconds
    case .microseconds: .microseconds
    case .nanoseconds: .nanoseconds
    }
  }
}
