// Types, schemas and single values as bytes.

extension ByteWriter {
  public mutating func write(_ type: DataType) {
    switch type {
    case .null: write(UInt8(0))
    case .bool: write(UInt8(1))
    case .int64: write(UInt8(2))
    case .float64: write(UInt8(3))
    case .string: write(UInt8(4))
    case .date: write(UInt8(5))
    case .timestamp: write(UInt8(6))
    case .binary: write(UInt8(7))
    case .list(let element):
      write(UInt8(8))
      write(element)
    case .structure(let fields):
      write(UInt8(9))
      write(Schema(fields))
    case .narrow(let number):
      write(UInt8(10))
      write(number.rawValue)
    case .uint64: write(UInt8(11))
    case .decimal(let precision, let scale):
      write(UInt8(12))
      write(UInt8(precision))
      write(UInt8(scale))
    case .time(let unit):
      write(UInt8(13))
      write(unit.rawValue)
    case .duration(let unit):
      write(UInt8(14))
      write(unit.rawValue)
    case .instant(let unit, let zone):
      write(UInt8(15))
      write(unit.rawValue)
      write(zone) { $0.write($1) }
    case .map(let key, let value):
      write(UInt8(16))
      write(key)
      write(value)
    }
  }

  public mutating func write(_ schema: Schema) {
    write(schema.fields) { writer, field in
      writer.write(field.name)
      writer.write(field.type)
    }
  }

  public mutating func write(_ value: Value) {
    switch value {
    case .null: write(UInt8(0))
    case .bool(let flag):
      write(UInt8(1))
      write(flag)
    case .int64(let number):
      write(UInt8(2))
      write(number)
    case .float64(let number):
      write(UInt8(3))
      write(number)
    case .string(let text):
      write(UInt8(4))
      write(text)
    case .date(let days):
      write(UInt8(5))
      write(days)
    case .timestamp(let microseconds):
      write(UInt8(6))
      write(microseconds)
    case .binary(let data):
      write(UInt8(7))
      write(data)
    case .list(let elements):
      write(UInt8(8))
      write(elements) { $0.write($1) }
    case .structure(let fields, let members):
      write(UInt8(9))
      write(Schema(fields))
      write(members) { $0.write($1) }
    case .decimal(let number):
      write(UInt8(10))
      write(UInt64(truncatingIfNeeded: number.unscaled))
      write(Int64(truncatingIfNeeded: number.unscaled >> 64))
      write(UInt8(number.precision))
      write(UInt8(number.scale))
    case .time(let count, let unit):
      write(UInt8(11))
      write(count)
      write(unit.rawValue)
    case .duration(let count, let unit):
      write(UInt8(12))
      write(count)
      write(unit.rawValue)
    case .instant(let count, let unit, let zone):
      write(UInt8(13))
      write(count)
      write(unit.rawValue)
      write(zone) { $0.write($1) }
    case .map(let key, let value, let entries):
      write(UInt8(14))
      write(key)
      write(value)
      write(entries) { $0.write($1) }
    }
  }
}

extension ByteReader {
  public mutating func readType() throws -> DataType {
    switch try readUInt8() {
    case 0: return .null
    case 1: return .bool
    case 2: return .int64
    case 3: return .float64
    case 4: return .string
    case 5: return .date
    case 6: return .timestamp
    case 7: return .binary
    case 8: return .list(try nested { try $0.readType() })
    case 9: return .structure(try nested { try $0.readSchema().fields })
    case 10:
      guard let number = NarrowNumber(rawValue: try readString()) else { throw DecodingFailure("an unknown number") }
      return .narrow(number)
    case 11: return .uint64
    case 12:
      let (precision, scale) = try readDigits()
      return .decimal(precision: precision, scale: scale)
    case 13: return .time(try readResolution())
    case 14: return .duration(try readResolution())
    case 15: return .timestamp(try readResolution(), zone: try readOptional { try $0.readString() })
    case 16: return try nested { .map(try $0.readType(), try $0.readType()) }
    case let tag: throw DecodingFailure("unknown type tag \(tag)")
    }
  }

  /// The digits of a decimal, all and those behind the point.
  private mutating func readDigits() throws -> (precision: Int, scale: Int) {
    let (precision, scale) = (Int(try readUInt8()), Int(try readUInt8()))
    guard 1...DataType.largestPrecision ~= precision, scale <= precision else { throw DecodingFailure("a decimal of such digits") }
    return (precision, scale)
  }

  private mutating func readResolution() throws -> TimeResolution {
    guard let unit = TimeResolution(rawValue: try readString()) else { throw DecodingFailure("an unknown unit of time") }
    return unit
  }

  public mutating func readSchema() throws -> Schema {
    Schema(try readArray { Field(try $0.readString(), try $0.readType()) })
  }

  public mutating func readValue() throws -> Value {
    switch try readUInt8() {
    case 0: return .null
    case 1: return .bool(try readBool())
    case 2: return .int64(try readInt64())
    case 3: return .float64(try readDouble())
    case 4: return .string(try readString())
    case 5: return .date(try readInt32())
    case 6: return .timestamp(try readInt64())
    case 7: return .binary(try readBytes())
    case 8: return .list(try nested { try $0.readArray { try $0.readValue() } })
    case 9:
      return try nested { reader in
        let fields = try reader.readSchema().fields
        let members = try reader.readArray { try $0.readValue() }
        guard members.count == fields.count else { throw DecodingFailure("a value for every field") }
        return .structure(fields, members)
      }
    case 10:
      let (low, high) = (try readUInt64(), try readInt64())
      let (precision, scale) = try readDigits()
      return .decimal(DecimalNumber(Int128(high) << 64 | Int128(low), precision: precision, scale: scale))
    case 11: return .time(try readInt64(), try readResolution())
    case 12: return .duration(try readInt64(), try readResolution())
    case 13: return .instant(try readInt64(), try readResolution(), zone: try readOptional { try $0.readString() })
    case 14: return try nested { .map(try $0.readType(), try $0.readType(), try $0.readArray { try $0.readValue() }) }
    case let tag: throw DecodingFailure("unknown value tag \(tag)")
    }
  }
}
