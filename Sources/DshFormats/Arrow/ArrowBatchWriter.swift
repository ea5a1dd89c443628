// A batch as a record batch of Arrow: the buffers of its columns one behind another, and where they are (Message.fbs).
import DshColumns

/// The body of a record batch with its description.
struct ArrowBatchWriter {
  private(set) var body: [UInt8] = []
  /// Of each column, those inside of others included, its rows and its nulls.
  private(set) var nodes: [[Int64]] = []
  /// Of each buffer its place in the body and its length.
  private(set) var buffers: [[Int64]] = []
  private let codec: ArrowCodec?

  init(_ batch: Batch, codec: ArrowCodec? = nil) {
    self.codec = codec
    for column in batch.columns { append(column) }
  }

  /// The batch as a message.
  static func message(_ batch: Batch, codec: ArrowCodec? = nil) -> [UInt8] {
    let written = ArrowBatchWriter(batch, codec: codec)
    var table: FlatFields = [0: .int64(Int64(batch.rowCount)), 1: .structures(written.nodes), 2: .structures(written.buffers)]
    if let codec { table[3] = .table([0: .uint8(UInt8(codec.rawValue))]) }
    return ArrowMessage.encoded(ArrowMessage.recordBatch, table, body: written.body)
  }

  private mutating func append(_ column: Column) {
    let column = column.plain()
    let count = column.count
    nodes.append([Int64(count), Int64(column.nullCount)])
    if column.type == .null { return }
    if let validity = column.validity, column.nullCount > 0 { append(validity.buffer, Bitmap.byteCount(for: count)) } else { append([]) }
    switch column.storage {
    case .none, .dictionary: break
    case .bits(let values): append(values, Bitmap.byteCount(for: count))
    case .fixed(let values):
      if column.type.isShortTime {
        let times = FixedValues(values, .int64)
        append((0..<count).map { Int32(truncatingIfNeeded: times[$0]) }.withUnsafeBytes { Array($0) })
      } else {
        append(values, count * (column.type.fixedWidthBytes ?? 8))
      }
    case .text(let offsets, let bytes):
      let range = append(offsets: offsets, count)
      append(bytes.slice(from: range.lowerBound, byteCount: range.count), range.count)
    case .list(let offsets, let elements):
      let range = append(offsets: offsets, count)
      append(elements.slice(from: range.lowerBound, count: range.count))
    case .structure(let columns): for member in columns { append(member.slice(from: 0, count: count)) }
    }
  }

  /// Offsets from zero on; what they name.
  private mutating func append(offsets: Buffer, _ count: Int) -> Range<Int> {
    let values = UnsafeBufferPointer(start: offsets.pointer(to: Int32.self), count: count + 1)
    let first = values[0]
    append(values.map { $0 &- first }.withUnsafeBytes { Array($0) })
    return Int(first)..<Int(values[count])
  }

  private mutating func append(_ buffer: Buffer, _ byteCount: Int) {
    append(Array(UnsafeRawBufferPointer(start: buffer.address, count: byteCount)))
  }

  private mutating func append(_ bytes: [UInt8]) {
    let bytes = codec?.compress(bytes) ?? bytes
    buffers.append([Int64(body.count), Int64(bytes.count)])
    body += bytes
    // Readers like values of vectors at multiples of 64.
    body += repeatElement(0, count: (64 - body.count % 64) % 64)
  }
}
