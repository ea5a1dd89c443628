// Values of fixed width read from their text, for types that no kernel reads.

extension DataType {
  /// Whether `ColumnBuilder.append(parsing:)` reads values of the type.
  public var isParsed: Bool {
    switch self {
    case .narrow, .uint64, .decimal, .time, .duration, .instant: true
    default: false
    }
  }
}

extension ColumnBuilder {
  /// Appends the value that a text without blanks around it stands for, null if it stands for none. Whether it does. Of types that `isParsed`.
  public func append(parsing text: UnsafeRawBufferPointer) -> Bool {
    switch type {
    case .decimal(let precision, let scale): appendExact(unsafe DecimalNumber.parse(text, precision: precision, scale: scale))
    case .uint64: appendExact(unsafe DecimalNumber.parse(text, precision: 20, scale: 0).flatMap { UInt64(exactly: $0) })
    case .narrow(.float32): appendExact(unsafe Double(String(decoding: text, as: UTF8.self)).map { Float($0) })
    case .narrow: append(integer: unsafe DecimalNumber.parse(text, precision: 20, scale: 0).flatMap { Int64(exactly: $0) })
    case .time(let unit): appendExact(unsafe TimeText.parseTime(text, unit))
    case .duration(let unit): appendExact(unsafe TimeText.parseDuration(text, unit))
    case .instant(let unit, _): appendExact(unsafe Calendar.parseInstant(text, unit))
    default: preconditionFailure("values of \(type.name) are read otherwise")
    }
  }
}
