// Columns of dsh as tables `Field` of Arrow's metadata (Schema.fbs).
import DshColumns

extension ArrowField {
  /// A field of dsh as a table `Field`.
  static func table(_ name: String, _ type: DataType) -> FlatFields {
    var children: [FlatFields] = []
    let code: UInt8
    var details: FlatFields = [:]
    switch type {
    case .null: code = ArrowTypeCode.null
    case .bool: code = ArrowTypeCode.bool
    case .int64: (code, details) = (ArrowTypeCode.int, [0: .int32(64), 1: .uint8(1)])
    case .uint64: (code, details) = (ArrowTypeCode.int, [0: .int32(64), 1: .uint8(0)])
    case .float64: (code, details) = (ArrowTypeCode.floatingPoint, [0: .int16(2)])
    case .narrow(.float32): (code, details) = (ArrowTypeCode.floatingPoint, [0: .int16(1)])
    case .narrow(let number):
      code = ArrowTypeCode.int
      details = [0: .int32(Int32(number.layout.byteCount * 8)), 1: .uint8(number.isUnsigned ? 0 : 1)]
    case .decimal(let precision, let scale):
      (code, details) = (ArrowTypeCode.decimal, [0: .int32(Int32(precision)), 1: .int32(Int32(scale)), 2: .int32(128)])
    case .string: code = ArrowTypeCode.utf8
    case .binary: code = ArrowTypeCode.binary
    case .date: (code, details) = (ArrowTypeCode.date, [0: .int16(0)])
    case .time(let unit):
      (code, details) = (ArrowTypeCode.time, [0: .int16(unit.arrowCode), 1: .int32(type.isShortTime ? 32 : 64)])
    case .timestamp: (code, details) = (ArrowTypeCode.timestamp, [0: .int16(TimeResolution.microseconds.arrowCode)])
    case .instant(let unit, let zone):
      (code, details) = (ArrowTypeCode.timestamp, [0: .int16(unit.arrowCode)])
      if let zone { details[1] = .string(zone) }
    case .duration(let unit): (code, details) = (ArrowTypeCode.duration, [0: .int16(unit.arrowCode)])
    case .list(let element): (code, children) = (ArrowTypeCode.list, [table("item", element)])
    case .map: (code, children) = (ArrowTypeCode.map, [table("entries", type.entry ?? .null, isNullable: false)])
    case .structure(let fields): (code, children) = (ArrowTypeCode.structure, fields.map { table($0.name, $0.type) })
    }
    return [0: .string(name), 1: .uint8(1), 2: .uint8(code), 3: .table(details), 5: .tables(children)]
  }

  /// The entries of a map, of which neither they nor their keys are null.
  private static func table(_ name: String, _ type: DataType, isNullable: Bool) -> FlatFields {
    var field = table(name, type)
    field[1] = .uint8(0)
    if case .tables(var members)? = field[5], !members.isEmpty {
      members[0][1] = .uint8(0)
      field[5] = .tables(members)
    }
    return field
  }
}

extension DataType {
  /// Whether Arrow has such times of day in four bytes.
  public var isShortTime: Bool { if case .time(let unit) = self { unit < .microseconds } else { false } }
}
