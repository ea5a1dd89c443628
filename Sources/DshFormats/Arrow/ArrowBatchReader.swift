// A record batch of Arrow as columns: every place and length is checked before it is believed, and values are copied.
import CDshKernels
import DshColumns
import DshDiagnostics

/// Goes through the columns of a record batch in their order.
struct ArrowBatchReader {
  private let body: [UInt8]
  private let nodes: [(first: Int64, second: Int64)]
  private let buffers: [(first: Int64, second: Int64)]
  private var nextNode = 0
  private var nextBuffer = 0
  let rowCount: Int

  /// - Parameter table: a table `RecordBatch`.
  init(_ table: FlatTable, body: [UInt8]) throws(ArrowMistake) {
    guard try table.table(3) == nil else { throw ArrowMistake("compressed batches are not read yet") }
    self.body = body
    nodes = try table.pairs(1)
    buffers = try table.pairs(2)
    let count = try table.number(0, Int64.self)
    guard 0...Int64(Int32.max) ~= count else { throw ArrowMistake("a batch of \(count) rows") }
    rowCount = Int(count)
  }

  /// The next column.
  mutating func column(_ field: ArrowField) throws(ArrowMistake) -> Column {
    do { return try column(field.layout, count: rowCount) } catch {
      throw ArrowMistake(error.problem, column: error.column ?? field.name)
    }
  }

  private mutating func column(_ layout: ArrowLayout, count: Int) throws(ArrowMistake) -> Column {
    guard nextNode < nodes.count, nodes[nextNode].first >= Int64(count) else {
      throw ArrowMistake("a column has fewer rows than its batch")
    }
    let nulls = nodes[nextNode].second
    nextNode += 1
    if layout == .null { return Column(type: .null, count: count, validity: nil, storage: .none) }
    let bits = try buffer(atLeast: nulls == 0 ? 0 : Bitmap.byteCount(for: count))
    let validity = nulls == 0 ? nil : Bitmap(buffer: copy(bits, padding: 8), count: count)
    func isValid(_ row: Int) -> Bool { validity?[row] ?? true }
    switch layout {
    case .null: preconditionFailure("a column of nulls has no buffers")
    case .bool:
      let values = try buffer(atLeast: Bitmap.byteCount(for: count))
      return Column(type: .bool, count: count, validity: validity, storage: .bits(copy(values, padding: 8)))
    case .integer(let width, let isSigned):
      let values = try buffer(atLeast: count * width)
      return try numbers(.int64, count, validity) { row throws(ArrowMistake) in
        let value = self.number(values, row, width: width, isSigned: isSigned)
        guard isSigned || width < 8 || value >= 0 || !isValid(row) else {
          throw ArrowMistake("row \(row + 1) is beyond int64: \(UInt64(bitPattern: value))")
        }
        return value
      }
    case .float(let width):
      let values = try buffer(atLeast: count * width)
      return try numbers(.float64, count, validity) { row throws(ArrowMistake) in
        let bits = self.number(values, row, width: width, isSigned: false)
        if width == 8 { return bits }
        return Int64(bitPattern: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))).bitPattern)
      }
    case .date(let width): return try dates(count, width: width, validity)
    case .timestamp(let perSecond): return try timestamps(count, perSecond: perSecond, validity)
    case .text(let offsetBytes, let isUTF8): return try texts(count, offsetBytes: offsetBytes, isUTF8: isUTF8, validity)
    case .list(let offsetBytes, let element):
      let offsets = try self.offsets(count, bytes: offsetBytes)
      guard let last = offsets.last, last <= Int64(Int32.max) else { throw ArrowMistake("a batch with too many elements of lists") }
      let elements = try column(element.layout, count: Int(last))
      return Column(
        type: .list(elements.type), count: count, validity: validity,
        storage: .list(offsets: Self.buffer(offsets.map { Int32(truncatingIfNeeded: $0) }), elements: elements))
    case .structure(let fields):
      var columns: [Column] = []
      for field in fields { columns.append(try column(field.layout, count: count)) }
      return Column(
        type: .structure(zip(fields, columns).map { Field($0.name, $1.type) }), count: count, validity: validity,
        storage: .structure(columns))
    }
  }

  private mutating func dates(_ count: Int, width: Int, _ validity: Bitmap?) throws(ArrowMistake) -> Column {
    let values = try buffer(atLeast: count * width)
    var days: [Int32] = []
    for row in 0..<count {
      let value = number(values, row, width: width, isSigned: true)
      let isWhole = width == 4 || value % 86_400_000 == 0
      guard let day = Int32(exactly: width == 4 ? value : value / 86_400_000), isWhole || !(validity?[row] ?? true) else {
        throw ArrowMistake("row \(row + 1) is no date: \(value)")
      }
      days.append(day)
    }
    return Column(type: .date, count: count, validity: validity, storage: .fixed(Self.buffer(days)))
  }

  private mutating func timestamps(_ count: Int, perSecond: Int64, _ validity: Bitmap?) throws(ArrowMistake) -> Column {
    let values = try buffer(atLeast: count * 8)
    return try numbers(.timestamp, count, validity) { row throws(ArrowMistake) in
      guard validity?[row] ?? true else { return 0 }
      let value = self.number(values, row, width: 8, isSigned: true)
      if perSecond <= 1_000_000 {
        let (microseconds, overflow) = value.multipliedReportingOverflow(by: 1_000_000 / perSecond)
        guard !overflow else { throw ArrowMistake("row \(row + 1) is a time too far away: \(value)") }
        return microseconds
      }
      guard value % 1000 == 0 else { throw ArrowMistake("row \(row + 1) has nanoseconds that a timestamp does not: \(value)") }
      return value / 1000
    }
  }

  private mutating func texts(_ count: Int, offsetBytes: Int, isUTF8: Bool, _ validity: Bitmap?) throws(ArrowMistake) -> Column {
    let offsets = try self.offsets(count, bytes: offsetBytes)
    let used = Int(offsets[count])
    let bytes = try buffer(atLeast: used)
    guard used <= Int(Int32.max) / 2 else { throw ArrowMistake("a batch with too much text") }
    let text = body[bytes.lowerBound..<bytes.lowerBound + used]
    if isUTF8 {
      let invalid = text.withUnsafeBufferPointer { $0.isEmpty ? -1 : dsh_utf8_first_invalid($0.baseAddress, Int64($0.count)) }
      // No text begins in the middle of a character.
      let isCut = offsets.contains { $0 < used && text[text.startIndex + Int($0)] & 0xC0 == 0x80 }
      guard invalid < 0, !isCut else { throw ArrowMistake("its text is not UTF-8") }
    }
    return Column(
      type: isUTF8 ? .string : .binary, count: count, validity: validity,
      storage: .text(offsets: Self.buffer(offsets.map { Int32(truncatingIfNeeded: $0) }), bytes: Self.buffer(Array(text))))
  }

  private func numbers(
    _ type: DataType, _ count: Int, _ validity: Bitmap?, _ value: (Int) throws(ArrowMistake) -> Int64
  ) throws(ArrowMistake) -> Column {
    var values: [Int64] = []
    values.reserveCapacity(count)
    for row in 0..<count { values.append(try value(row)) }
    return Column(type: type, count: count, validity: validity, storage: .fixed(Self.buffer(values)))
  }

  // MARK: Buffers

  /// The place of the next buffer in the body.
  private mutating func buffer(atLeast byteCount: Int) throws(ArrowMistake) -> Range<Int> {
    guard nextBuffer < buffers.count else { throw ArrowMistake("a column without its values") }
    let (start, length) = buffers[nextBuffer]
    nextBuffer += 1
    guard start >= 0, length >= 0, length <= Int64(body.count), start <= Int64(body.count) - length, length >= Int64(byteCount) else {
      throw ArrowMistake("a column's values lead out of their batch")
    }
    return Int(start)..<Int(start + length)
  }

  private func copy(_ range: Range<Int>, padding: Int) -> Buffer {
    let bytes = body[range] + [UInt8](repeating: 0, count: padding)
    return Self.buffer(Array(bytes))
  }

  private static func buffer<T: BitwiseCopyable>(_ values: [T]) -> Buffer {
    let buffer = MutableBuffer(capacity: values.count * MemoryLayout<T>.size)
    values.withUnsafeBytes { bytes in if let base = bytes.baseAddress { buffer.append(base, byteCount: bytes.count) } }
    return buffer.freeze()
  }

  private func number(_ range: Range<Int>, _ row: Int, width: Int, isSigned: Bool) -> Int64 {
    body.withUnsafeBytes { bytes in
      let place = range.lowerBound + row * width
      return switch (width, isSigned) {
      case (1, true): Int64(bytes.loadUnaligned(fromByteOffset: place, as: Int8.self))
      case (1, false): Int64(bytes.loadUnaligned(fromByteOffset: place, as: UInt8.self))
      case (2, true): Int64(bytes.loadUnaligned(fromByteOffset: place, as: Int16.self))
      case (2, false): Int64(bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self))
      case (4, true): Int64(bytes.loadUnaligned(fromByteOffset: place, as: Int32.self))
      case (4, false): Int64(bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
      default: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)
      }
    }
  }

  /// Offsets that ascend from zero or more; an empty column may have none.
  private mutating func offsets(_ count: Int, bytes width: Int) throws(ArrowMistake) -> [Int64] {
    let range = try buffer(atLeast: count == 0 ? 0 : (count + 1) * width)
    if count == 0 { return [0] }
    var offsets: [Int64] = []
    offsets.reserveCapacity(count + 1)
    for row in 0...count {
      let offset = number(range, row, width: width, isSigned: true)
      guard offset >= offsets.last ?? 0 else { throw ArrowMistake("its offsets do not ascend") }
      offsets.append(offset)
    }
    return offsets
  }
}
