// Values of fixed width of any layout as words and single values.

/// The whole numbers of a column of fixed width as 64-bit words, whatever their layout.
///
/// `@unsafe` to make: the buffer must have a value for every row that is asked for, and outlive this.
@safe public struct FixedValues {
  private let base: UnsafeRawPointer
  private let layout: FixedLayout

  @unsafe public init(_ buffer: Buffer, _ layout: FixedLayout) { unsafe self.init(buffer.address, layout) }

  @unsafe init(_ base: UnsafeRawPointer, _ layout: FixedLayout) {
    unsafe self.base = base
    self.layout = layout
  }

  /// The number of a row; the low half of 128 bits, and the bits of a float.
  public subscript(row: Int) -> Int64 {
    switch layout {
    case .int8: unsafe Int64(base.load(fromByteOffset: row, as: Int8.self))
    case .uint8: unsafe Int64(base.load(fromByteOffset: row, as: UInt8.self))
    case .int16: unsafe Int64(base.load(fromByteOffset: row &* 2, as: Int16.self))
    case .uint16: unsafe Int64(base.load(fromByteOffset: row &* 2, as: UInt16.self))
    case .int32: unsafe Int64(base.load(fromByteOffset: row &* 4, as: Int32.self))
    case .uint32, .float32: unsafe Int64(base.load(fromByteOffset: row &* 4, as: UInt32.self))
    case .int64, .uint64, .float64: unsafe base.load(fromByteOffset: row &* 8, as: Int64.self)
    case .int128: unsafe base.load(fromByteOffset: row &* 16, as: Int64.self)
    }
  }
}

extension DataType {
  /// The value that a word of up to 64 bits stands for; of a type of whole numbers or time.
  public func value(ofWord word: Int64) -> Value {
    switch self {
    case .date: .date(Int32(truncatingIfNeeded: word))
    case .timestamp: .timestamp(word)
    case .time(let unit): .time(word, unit)
    case .duration(let unit): .duration(word, unit)
    case .instant(let unit, let zone): .instant(word, unit, zone: zone)
    case .uint64: .decimal(DecimalNumber(Int128(UInt64(bitPattern: word)), precision: 20, scale: 0))
    default: .int64(word)
    }
  }
}

extension Column {
  /// The value of a row of a column of fixed width.
  @unsafe func fixedValue(_ buffer: Buffer, at row: Int) -> Value {
    // The buffer has a value of the type's layout for each row.
    switch type {
    case .float64: unsafe .float64(buffer.pointer(to: Double.self)[row])
    case .narrow(.float32): unsafe .float64(Double(buffer.pointer(to: Float.self)[row]))
    case .decimal(let precision, let scale):
      unsafe .decimal(DecimalNumber(buffer.pointer(to: Int128.self)[row], precision: precision, scale: scale))
    default: unsafe type.value(ofWord: FixedValues(buffer, type.fixedLayout ?? .int64)[row])
    }
  }

  /// A column of float64 without nulls, all of whose values `fill` writes.
  @inlinable @inline(__always) public static func float64(count: Int, fill: (UnsafeMutablePointer<Double>) -> Void) -> Column {
    let values = MutableBuffer(capacity: count &* 8)
    unsafe fill(values.pointer(to: Double.self))
    values.byteCount = count &* 8
    return Column(type: .float64, count: count, validity: nil, storage: .fixed(values.freeze()))
  }

  /// Keys and values, if this holds the entries of a column of the given type, a map.
  public func entries(of type: DataType) -> (keys: Column, values: Column)? {
    guard case .map = type, case .structure(let columns) = storage, columns.count == 2 else { return nil }
    return (columns[0], columns[1])
  }
}

extension ColumnBuilder {
  /// Appends a value to a column of fixed width; a whole number also fits floats and decimals, a date timestamps. What does not fit is null.
  func appendFixed(_ value: Value) {
    switch (type, value) {
    case (.timestamp, .timestamp(let number)): append(int64: number)
    case (.date, .date(let days)): append(date: days)
    case (.timestamp, .date(let days)): append(int64: Int64(days) * Calendar.microsecondsPerDay)
    case (.float64, .float64(let number)): append(float64: number)
    case (.float64, .int64(let number)): append(float64: Double(number))
    case (.float64, .decimal(let number)): append(float64: DecimalNumber.double(number.unscaled, scale: number.scale))
    case (.narrow(.float32), .float64(let number)): appendExact(Float(number))
    case (.narrow(.float32), .int64(let number)): appendExact(Float(number))
    case (.int64, .int64(let number)), (.narrow, .int64(let number)), (.uint64, .int64(let number)): append(integer: number)
    case (.uint64, .decimal(let number)): appendExact(number.scale == 0 ? UInt64(exactly: number.unscaled) : nil)
    case (.decimal(let precision, let scale), .decimal(let number)):
      appendExact(DecimalNumber.rescaled(number.unscaled, from: number.scale, to: scale, precision: precision))
    case (.decimal(let precision, let scale), .int64(let number)):
      appendExact(DecimalNumber.rescaled(Int128(number), from: 0, to: scale, precision: precision))
    case (.time(let unit), .time(let count, let own)), (.duration(let unit), .duration(let count, let own)):
      appendExact(own.convert(count, to: unit))
    case (.instant(let unit, _), .instant(let count, let own, _)): appendExact(own.convert(count, to: unit))
    case (.instant(let unit, _), .timestamp(let count)): appendExact(TimeResolution.microseconds.convert(count, to: unit))
    case (.instant(let unit, _), .date(let days)): appendExact(TimeResolution.seconds.convert(Int64(days) * 86_400, to: unit))
    default: appendNull()
    }
  }
}

extension TimeResolution {
  /// A count of this unit in another one, rounded down; nil beyond 64 bits.
  @inlinable public func convert(_ count: Int64, to other: TimeResolution) -> Int64? {
    if self == other { return count }
    if self < other {
      let (product, overflow) = count.multipliedReportingOverflow(by: other.perSecond / perSecond)
      return overflow ? nil : product
    }
    let divisor = perSecond / other.perSecond
    let (quotient, remainder) = count.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
