// Takes columns apart into the levels and values of their leaves.
import DshColumns

/// What is written of one leaf in one row group, as it grows.
final class ParquetLeafValues {
  let leaf: ParquetWrittenLeaf
  private(set) var definition: [UInt8] = []
  private(set) var repetition: [UInt8] = []
  /// Values that are there: of fixed width as they stand in a file, truth values a byte each.
  let values = MutableBuffer(capacity: 0)
  /// Texts: the end of each, and the bytes.
  private(set) var ends: [Int] = []
  let bytes = MutableBuffer(capacity: 0)
  private(set) var valueCount = 0

  init(_ leaf: ParquetWrittenLeaf) { self.leaf = leaf }

  var entryCount: Int { definition.count }
  var isText: Bool { leaf.type.parquetPhysicalType == .byteArray }
  var widthBytes: Int { leaf.type.parquetWidthBytes }

  /// The bytes of all values, plainly.
  var plainBytes: Int { isText ? bytes.byteCount + 4 * valueCount : leaf.type == .bool ? (valueCount + 7) / 8 : values.byteCount }

  func text(_ index: Int) -> UnsafeRawBufferPointer {
    let start = index == 0 ? 0 : ends[index - 1]
    return UnsafeRawBufferPointer(start: bytes.start + start, count: ends[index] - start)
  }

  /// Takes entries of a column; see `ParquetEntries`.
  fileprivate func append(_ column: Column, _ entries: ParquetEntries) throws(ParquetUnwritable) {
    let present = UInt8(leaf.maximumDefinition)
    definition.reserveCapacity(definition.count + entries.count)
    var rows: [Int32] = []
    rows.reserveCapacity(entries.count)
    for index in 0..<entries.count {
      let row = entries.rows[index]
      if row >= 0 && column.isValid(Int(row)) {
        rows.append(row)
        definition.append(present)
      } else {
        definition.append(row >= 0 ? present - 1 : entries.definition[index])
      }
    }
    if leaf.maximumRepetition > 0 { repetition.append(contentsOf: entries.repetition) }
    valueCount += rows.count
    try appendValues(column, rows)
  }

  private func appendValues(_ column: Column, _ rows: [Int32]) throws(ParquetUnwritable) {
    switch column.storage {
    case .none: break
    case .structure:
      for _ in rows { ends.append(bytes.byteCount) }
    case .bits(let buffer):
      let bits = Bitmap(buffer: buffer, count: column.count)
      values.reserve(rows.count)
      for row in rows { values.append(UInt8(bits[Int(row)] ? 1 : 0)) }
    case .text, .dictionary:
      ends.reserveCapacity(ends.count + rows.count)
      for row in rows {
        let text = column.textBytes(at: Int(row))
        if let base = text.baseAddress { bytes.append(base, byteCount: text.count) }
        ends.append(bytes.byteCount)
      }
    case .fixed(let buffer):
      try appendFixed(column.type, buffer, rows, isAll: rows.count == column.count)
    case .list: preconditionFailure("a leaf is no list")
    }
  }
}

extension ParquetLeafValues {
  /// - Parameter isAll: whether the rows are all of the column.
  private func appendFixed(_ type: DataType, _ buffer: Buffer, _ rows: [Int32], isAll: Bool) throws(ParquetUnwritable) {
    switch type {
    case .narrow(.int8): appendConverted(buffer, rows, Int8.self) { Int32($0) }
    case .narrow(.int16): appendConverted(buffer, rows, Int16.self) { Int32($0) }
    case .narrow(.uint8): appendConverted(buffer, rows, UInt8.self) { Int32($0) }
    case .narrow(.uint16): appendConverted(buffer, rows, UInt16.self) { Int32($0) }
    // A day has fewer milliseconds than 32 bits can count; what is no time of a day wraps.
    case .time(.seconds): appendConverted(buffer, rows, Int64.self) { Int32(truncatingIfNeeded: $0 &* 1000) }
    case .time(.milliseconds): appendConverted(buffer, rows, Int64.self) { Int32(truncatingIfNeeded: $0) }
    // Seconds have no type of their own: milliseconds hold them for the next 290 million years.
    case .instant(.seconds, _):
      var isDistant = false
      appendConverted(buffer, rows, Int64.self) { seconds -> Int64 in
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        isDistant = isDistant || overflow
        return milliseconds
      }
      if isDistant { throw .distantSecond }
    case .decimal(let precision, _) where precision <= 18: appendConverted(buffer, rows, Int128.self) { Int64(truncatingIfNeeded: $0) }
    case .decimal: appendConverted(buffer, rows, Int128.self) { $0.bigEndian }
    default:
      let width = leaf.type.parquetWidthBytes
      if isAll { return values.append(buffer.address, byteCount: rows.count * width) }
      values.reserve(rows.count * width)
      for row in rows { values.append(buffer.address + Int(row) * width, byteCount: width) }
    }
  }

  @inline(__always) private func appendConverted<From: BitwiseCopyable, To: BitwiseCopyable>(
    _ buffer: Buffer, _ rows: [Int32], _: From.Type, _ convert: (From) -> To
  ) {
    let source = buffer.pointer(to: From.self)
    values.reserve(rows.count * MemoryLayout<To>.size)
    for row in rows { values.append(convert(source[Int(row)])) }
  }
}

/// The entries of a node: where it is in the column, or how far its path goes if it is not there.
private struct ParquetEntries {
  var definition: [UInt8]
  var repetition: [UInt8]
  /// Negative where an ancestor is null or an empty list.
  var rows: [Int32]

  var count: Int { rows.count }
}

/// Appends a column of a batch to the values of its leaves.
///
/// - Throws: `ParquetUnwritable`.
func shred(_ column: Column, into leaves: ArraySlice<ParquetLeafValues>) throws(ParquetUnwritable) {
  var leaves = leaves
  let entries = ParquetEntries(
    definition: [UInt8](repeating: 0, count: column.count), repetition: [UInt8](repeating: 0, count: column.count),
    rows: (0..<Int32(column.count)).map { $0 })
  try shred(column, entries, definition: 1, repetition: 0, into: &leaves)
}

/// - Parameters:
///   - definition: the level from which on the node is there.
///   - repetition: that of the innermost list around it.
private func shred(
  _ column: Column, _ entries: ParquetEntries, definition: UInt8, repetition: UInt8, into leaves: inout ArraySlice<ParquetLeafValues>
) throws(ParquetUnwritable) {
  switch column.storage {
  case .structure(let fields) where !fields.isEmpty:
    var own = entries
    for index in 0..<entries.count where entries.rows[index] >= 0 {
      if column.isValid(Int(entries.rows[index])) { own.definition[index] = definition } else { own.rows[index] = -1 }
    }
    for field in fields { try shred(field, own, definition: definition + 1, repetition: repetition, into: &leaves) }
  case .list(let offsets, let elements):
    let offset = offsets.pointer(to: Int32.self)
    var inner = ParquetEntries(definition: [], repetition: [], rows: [])
    for index in 0..<entries.count {
      let row = Int(entries.rows[index])
      let isThere = row >= 0 && column.isValid(row)
      if isThere, offset[row] < offset[row + 1] {
        for element in offset[row]..<offset[row + 1] {
          inner.definition.append(definition + 1)
          inner.repetition.append(element == offset[row] ? entries.repetition[index] : repetition + 1)
          inner.rows.append(element)
        }
      } else {
        inner.definition.append(isThere ? definition : entries.definition[index])
        inner.repetition.append(entries.repetition[index])
        inner.rows.append(-1)
      }
    }
    if case .map = column.type, case .structure(let fields) = elements.storage, fields.count == 2 {
      if fields[0].nullCount > 0, inner.rows.contains(where: { $0 >= 0 && !fields[0].isValid(Int($0)) }) { throw .nullKey }
      // Entries are there wherever the map has one, and keys in every entry.
      try shred(fields[0], inner, definition: definition + 1, repetition: repetition + 1, into: &leaves)
      try shred(fields[1], inner, definition: definition + 2, repetition: repetition + 1, into: &leaves)
    } else {
      try shred(elements, inner, definition: definition + 2, repetition: repetition + 1, into: &leaves)
    }
  default: try leaves.removeFirst().append(column, entries)
  }
}
