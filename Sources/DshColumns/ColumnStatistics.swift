// What is known of the values of a column without looking at them again: nulls, the least and the greatest value, whether they ascend.

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
    case (.fixed(let values), .int64): unsafe note(values.pointer(to: Int64.self), column) { .int64($0) }
    case (.fixed(let values), .timestamp): unsafe note(values.pointer(to: Int64.self), column) { .timestamp($0) }
    case (.fixed(let values), .date): unsafe note(values.pointer(to: Int32.self), column) { .date($0) }
    case (.fixed(let values), .float64): unsafe noteFloats(values.pointer(to: Double.self), column)
    case (.bits(let buffer), .bool):
      let bits = Bitmap(buffer: buffer, count: column.count)
      let rows = (0..<column.count).lazy.filter { unsafe column.isValid($0) }
      least = .bool(rows.allSatisfy { unsafe bits[$0] })
      greatest = .bool(rows.contains { unsafe bits[$0] })
    case (.dictionary(let codes, _, _, _), .string): unsafe noteTexts(codes.pointer(to: UInt8.self), column)
    case (.text(let offsets, let bytes), .string):
      note(TextBounds(offsets: offsets, bytes: bytes, validity: column.validity, count: column.count))
    default: break
    }
  }

  private mutating func note<Number: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<Number>, _ column: Column, _ value: (Number) -> Value
  ) {
    guard let found = unsafe Self.extremes(values, column.validity, count: column.count) else { return }
    least = value(found.least)
    greatest = value(found.greatest)
    isAscending = found.isAscending && nullCount == 0
  }

  /// Plain loops over one kind of number, which the compiler makes vectors of; `values` are as many as `count` says.
  private static func extremes<Number: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<Number>, _ validity: Bitmap?, count: Int
  ) -> (least: Number, greatest: Number, isAscending: Bool)? {
    var (least, greatest) = (Number.max, Number.min)
    guard let validity else {
      var descents: Number = 0
      for row in 0..<count {
        least = unsafe min(least, values[row])
        greatest = unsafe max(greatest, values[row])
      }
      for row in 1..<max(1, count) { unsafe descents |= values[row] < values[row &- 1] ? 1 : 0 }
      return count == 0 ? nil : (least, greatest, descents == 0)
    }
    for row in 0..<count where unsafe validity[row] {
      least = unsafe min(least, values[row])
      greatest = unsafe max(greatest, values[row])
    }
    return least > greatest ? nil : (least, greatest, false)
  }

  private mutating func noteFloats(_ values: UnsafePointer<Double>, _ column: Column) {
    var (low, high) = (Double.infinity, -Double.infinity)
    var hasNaN = false
    var descents = false
    var hasNumber = false
    let validity = column.validity
    for row in 0..<column.count where unsafe validity?[row] ?? true {
      let value = unsafe values[row]
      hasNaN = hasNaN || value.isNaN
      hasNumber = hasNumber || !value.isNaN
      low = value < low ? value : low
      high = value > high ? value : high
      descents = unsafe descents || (row > 0 && value < values[row &- 1])
    }
    least = .float64(hasNumber ? low : .nan)
    greatest = .float64(hasNaN ? .nan : high)
    isAscending = nullCount == 0 && !hasNaN && !descents
  }

  private mutating func noteTexts(_ codes: UnsafePointer<UInt8>, _ column: Column) {
    // Entries that no row has do not count.
    var firstRows = [Int](repeating: -1, count: Column.dictionaryLimit)
    for row in 0..<column.count where unsafe column.isValid(row) { unsafe firstRows[Int(codes[row])] = row }
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
