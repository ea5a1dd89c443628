// What is known of the values of a column without looking at them again: nulls, the least and the greatest value, whether they ascend.

import CDshKernels

/// Numbers about one column of a block.
public struct ColumnStatistics: Hashable, Sendable {
  public var rowCount: Int
  public var nullCount: Int
  /// No value that is not null is less than `least`, and none greater than `greatest`; NaN is greater than every number. Nil if there is no value, or
  /// if nobody has looked.
  public var least: Value?
  public var greatest: Value?
  /// Whether least and greatest are values of the column; of long texts they are not.
  public var isExact: Bool
  /// Whether no value is null and none is less than the one before it.
  public var isAscending: Bool

  public init(
    rowCount: Int, nullCount: Int, least: Value? = nil, greatest: Value? = nil, isExact: Bool = true, isAscending: Bool = false
  ) {
    self.rowCount = rowCount
    self.nullCount = nullCount
    self.least = least
    self.greatest = greatest
    self.isExact = isExact
    self.isAscending = isAscending
  }

  /// Whether the least and the greatest value are known, or known not to be there.
  public var knowsExtremes: Bool { (least != nil && isExact) || nullCount == rowCount }
}

extension ColumnStatistics {
  /// Looks at a column; not at binary data, lists and structures.
  public init(of column: Column) {
    self.init(rowCount: column.count, nullCount: column.nullCount)
    guard nullCount < rowCount else { return }
    switch (column.storage, column.type) {
    case (.fixed(let values), _): noteFixed(values, column)
    case (.bits(let buffer), .bool):
      let bits = Bitmap(buffer: buffer, count: column.count)
      let rows = (0..<column.count).lazy.filter { unsafe column.isValid($0) }
      least = .bool(rows.allSatisfy { unsafe bits[$0] })
      greatest = .bool(rows.contains { unsafe bits[$0] })
    case (.dictionary(let codes, let entryCount, _, _), .string):
      unsafe noteTexts(DictionaryCodes(codes, entryCount: entryCount), entryCount: entryCount, column)
    case (.text(let offsets, let bytes), .string):
      note(TextBounds(offsets: offsets, bytes: bytes, validity: column.validity, count: column.count))
    default: break
    }
  }

  private mutating func noteFixed(_ buffer: Buffer, _ column: Column) {
    let type = column.type
    // The buffer has a value of the type's layout for each row.
    switch type.fixedLayout {
    case .float64: unsafe noteFloats(buffer.pointer(to: Double.self), column)
    case .int64: unsafe note(buffer.pointer(to: Int64.self), column, dsh_extremes_int64) { type.value(ofWord: $0) }
    case .int32: unsafe note(buffer.pointer(to: Int32.self), column, dsh_extremes_int32) { type.value(ofWord: Int64($0)) }
    case .int128: unsafe noteWide(buffer.pointer(to: Int128.self), column)
    case .uint64: unsafe noteUnsigned(buffer.pointer(to: UInt64.self), column)
    case .int8, .int16, .uint8, .uint16, .uint32, .float32:
      let wide = column.widened()
      if case .fixed(let values) = wide.storage { noteFixed(values, wide) }
    case nil: break
    }
  }

  private mutating func noteWide(_ values: UnsafePointer<Int128>, _ column: Column) {
    guard case .decimal(let precision, let scale) = column.type else { return }
    unsafe noteEach(values, column) { .decimal(DecimalNumber($0, precision: precision, scale: scale)) }
  }

  private mutating func noteUnsigned(_ values: UnsafePointer<UInt64>, _ column: Column) {
    unsafe noteEach(values, column) { .decimal(DecimalNumber(Int128($0), precision: 20, scale: 0)) }
  }

  private mutating func noteEach<Number: FixedWidthInteger>(_ values: UnsafePointer<Number>, _ column: Column, _ value: (Number) -> Value) {
    var (low, high) = (Number.max, Number.min)
    var last = Number.min
    isAscending = nullCount == 0
    for row in 0..<column.count where unsafe column.isValid(row) {
      let number = unsafe values[row]
      low = min(low, number)
      high = max(high, number)
      if number < last { isAscending = false }
      last = number
    }
    least = value(low)
    greatest = value(high)
  }

  /// - Parameter known: the kernel that looks at values none of which is null.
  private mutating func note<Number: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<Number>, _ column: Column,
    _ known: (UnsafePointer<Number>, Int, UnsafeMutablePointer<Number>, UnsafeMutablePointer<Number>) -> Int32,
    _ value: (Number) -> Value
  ) {
    var (low, high) = (Number.max, Number.min)
    if let validity = column.validity, nullCount > 0 {
      for row in 0..<column.count where unsafe validity[row] {
        low = unsafe min(low, values[row])
        high = unsafe max(high, values[row])
      }
    } else {
      isAscending = unsafe known(values, column.count, &low, &high) != 0
    }
    least = value(low)
    greatest = value(high)
  }

  private mutating func noteFloats(_ values: UnsafePointer<Double>, _ column: Column) {
    var (low, high) = (Double.infinity, -Double.infinity)
    var hasNaN: Int32 = 0
    if let validity = column.validity, nullCount > 0 {
      for row in 0..<column.count where unsafe validity[row] {
        let value = unsafe values[row]
        if value.isNaN { hasNaN = 1 }
        low = value < low ? value : low
        high = value > high ? value : high
      }
    } else {
      isAscending = unsafe dsh_extremes_float64(values, column.count, &low, &high, &hasNaN) != 0 && hasNaN == 0
    }
    // Without a number nothing was less than infinity, and nothing greater than its opposite.
    least = .float64(low <= high ? low : .nan)
    greatest = .float64(hasNaN != 0 ? .nan : high)
  }

  private mutating func noteTexts(_ codes: DictionaryCodes, entryCount: Int, _ column: Column) {
    // Entries that no row has do not count.
    var firstRows = [Int](repeating: -1, count: entryCount)
    for row in 0..<column.count where unsafe column.isValid(row) { unsafe firstRows[codes[row]] = row }
    note(TextBounds(firstRows.filter { $0 >= 0 }.map { unsafe Array(column.textBytes(at: $0)) }))
  }

  private mutating func note(_ texts: TextBounds) {
    // One without the other bounds nothing.
    guard let low = texts.least, let high = texts.greatest else { return }
    least = .string(low)
    greatest = .string(high)
    isExact = texts.isExact
  }
}

extension ByteWriter {
  public mutating func write(_ statistics: ColumnStatistics) {
    write(statistics.rowCount)
    write(statistics.nullCount)
    write(statistics.least) { $0.write($1) }
    write(statistics.greatest) { $0.write($1) }
    write(statistics.isExact)
    write(statistics.isAscending)
  }
}

extension ByteReader {
  public mutating func readStatistics() throws -> ColumnStatistics {
    ColumnStatistics(
      rowCount: try readInt(), nullCount: try readInt(), least: try readOptional { try $0.readValue() },
      greatest: try readOptional { try $0.readValue() }, isExact: try readBool(), isAscending: try readBool())
  }
}
