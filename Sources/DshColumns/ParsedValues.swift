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
  /// Appends the value that a text stands for, without blanks around it; whether it stands for one. Of types that `isParsed`.
  public func append(parsing text: UnsafeRawBufferPointer) -> Bool {
    switch type {
    case .decimal(let precision, let scale): appendParsed(unsafe DecimalNumber.parse(text, precision: precision, scale: scale))
    case .uint64: appendParsed(unsafe DecimalNumber.parse(text, precision: 20, scale: 0).flatMap { UInt64(exactly: $0) })
    case .narrow(.float32): appendParsed(unsafe Double(String(decoding: text, as: UTF8.self)).map { Float($0) })
    case .narrow:
      appendWhole(unsafe DecimalNumber.parse(text, precision: 20, scale: 0).flatMap { Int64(exactly: $0) })
    case .time(let unit): appendParsed(unsafe TimeText.parseTime(text, unit))
    case .duration(let unit): appendParsed(unsafe TimeText.parseDuration(text, unit))
    case .instant(let unit, _): appendParsed(unsafe Calendar.parseInstant(text, unit))
    default: preconditionFailure("values of \(type.name) are read otherwise")
    }
  }

  private func appendParsed<T: BitwiseCopyable>(_ value: T?) -> Bool {
    if let value { appendExact(value) }
    return value != nil
  }

  private func appendWhole(_ value: Int64?) -> Bool {
    guard let value else { return false }
    let before = nullsAppended
    append(integer: value)
    return nullsAppended == before
  }
}
