// The block format: a batch as one run of bytes in a store, readable in place.
//
//     ┌────────────┬──────────────┬─────────────────┬─────┬────────────┬─────┬────────────┐
//     │ magic u32  │ header bytes │ header          │ pad │ buffer     │ pad │ buffer     │ …
//     │            │ u32          │ (ByteWriter)    │     │ 64-aligned │     │ 64-aligned │
//     └────────────┴──────────────┴─────────────────┴─────┴────────────┴─────┴────────────┘
//
// The header holds schema, row count, and per column its storage kind and the offset and length of each buffer. The
// buffers are Arrow's, so an Arrow IPC message over the same bytes needs a new header only.

/// A batch laid out as a block, not yet copied anywhere.
public struct EncodedBlock: Sendable {
  /// Everything before the first buffer, without padding.
  public let header: [UInt8]
  /// The buffers and where each goes.
  public let buffers: [(offset: Int, buffer: Buffer)]
  /// The size of the whole block.
  public let byteCount: Int

  /// The bytes of all buffers: what a transfer of the block moves.
  public var payloadBytes: Int { buffers.reduce(0) { $0 + $1.buffer.byteCount } }

  /// Copies header and buffers to memory of at least `byteCount` bytes; padding is left as it is.
  public func write(into destination: UnsafeMutableRawBufferPointer) {
    writeHeader(into: destination)
    for (offset, buffer) in buffers where buffer.byteCount > 0 {
      UnsafeMutableRawBufferPointer(rebasing: destination[offset..<offset + buffer.byteCount]).copyMemory(from: buffer.bytes)
    }
  }

  public func writeHeader(into destination: UnsafeMutableRawBufferPointer) {
    precondition(destination.count >= byteCount, "room for the block: \(byteCount) bytes, \(destination.count) given")
    destination.copyBytes(from: header)
  }
}

/// Lays batches out as blocks and reads them back in place.
public enum BlockFormat {
  static let magic: UInt32 = 0x3142_5344  // "DSB1"
  /// The most bytes of header that are read: schemas of tens of thousands of columns fit.
  static let headerLimit = 64 << 20

  /// Lays a batch out; text that does not start at offset zero is rebased.
  public static func encode(_ batch: Batch) -> EncodedBlock {
    let columns = batch.columns.map(normalized)
    let draft = header(of: batch, columns: columns, offsets: nil)
    var buffers: [Buffer] = []
    for column in columns { collect(column, into: &buffers) }
    var offsets: [Int] = []
    var position = aligned(draft.count)
    for buffer in buffers {
      offsets.append(position)
      position = aligned(position + buffer.byteCount)
    }
    let header = header(of: batch, columns: columns, offsets: offsets)
    return EncodedBlock(header: header, buffers: Array(zip(offsets, buffers)).map { (offset: $0.0, buffer: $0.1) }, byteCount: position)
  }

  static func aligned(_ offset: Int) -> Int { (offset + MutableBuffer.alignment - 1) & ~(MutableBuffer.alignment - 1) }

  private static func header(of batch: Batch, columns: [Column], offsets: [Int]?) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(batch.schema)
    writer.write(batch.rowCount)
    var next = 0
    func place(_ buffer: Buffer) {
      writer.write(offsets?[next] ?? 0)
      writer.write(buffer.byteCount)
      next += 1
    }
    func describe(_ column: Column) {
      writer.write(column.count)
      writer.write(column.validity != nil)
      if let validity = column.validity { place(validity.buffer) }
      switch column.storage {
      case .none: writer.write(UInt8(0))
      case .bits(let values):
        writer.write(UInt8(1))
        place(values)
      case .fixed(let values):
        writer.write(UInt8(2))
        place(values)
      case .text(let offsets, let bytes):
        writer.write(UInt8(3))
        place(offsets)
        place(bytes)
      case .dictionary(let codes, let entryCount, let offsets, let bytes):
        writer.write(UInt8(4))
        writer.write(entryCount)
        place(codes)
        place(offsets)
        place(bytes)
      case .list(let offsets, let elements):
        writer.write(UInt8(5))
        place(offsets)
        describe(elements)
      case .structure(let columns):
        writer.write(UInt8(6))
        for column in columns { describe(column) }
      }
    }
    for column in columns { describe(column) }
    var whole = ByteWriter()
    whole.write(magic)
    whole.write(writer.bytes)
    return whole.bytes
  }

  private static func collect(_ column: Column, into buffers: inout [Buffer]) {
    if let validity = column.validity { buffers.append(validity.buffer) }
    switch column.storage {
    case .none: break
    case .bits(let values), .fixed(let values): buffers.append(values)
    case .text(let offsets, let bytes): buffers += [offsets, bytes]
    case .dictionary(let codes, _, let offsets, let bytes): buffers += [codes, offsets, bytes]
    case .list(let offsets, let elements):
      buffers.append(offsets)
      collect(elements, into: &buffers)
    case .structure(let columns): for column in columns { collect(column, into: &buffers) }
    }
  }

  /// The column with buffers cut to what its rows need, offsets starting at zero, and no validity map without a null.
  private static func normalized(_ column: Column) -> Column {
    let count = column.count
    var validity = column.validity
    if let map = validity, map.setCount == count { validity = nil }
    validity = validity.map { Bitmap(buffer: $0.buffer.slice(from: 0, byteCount: Bitmap.byteCount(for: count)), count: count) }
    let storage: Column.Storage
    switch column.storage {
    case .none: storage = .none
    case .bits(let values): storage = .bits(values.slice(from: 0, byteCount: Bitmap.byteCount(for: count)))
    case .fixed(let values): storage = .fixed(values.slice(from: 0, byteCount: count * (column.type.fixedWidthBytes ?? 8)))
    case .text(let offsets, let bytes):
      let (rebased, range) = rebase(offsets, count: count)
      storage = .text(offsets: rebased, bytes: bytes.slice(from: range.lowerBound, byteCount: range.count))
    case .dictionary(let codes, let entryCount, let offsets, let bytes):
      let (rebased, range) = rebase(offsets, count: entryCount)
      storage = .dictionary(
        codes: codes.slice(from: 0, byteCount: count), entryCount: entryCount, offsets: rebased,
        bytes: bytes.slice(from: range.lowerBound, byteCount: range.count))
    case .list(let offsets, let elements):
      let (rebased, range) = rebase(offsets, count: count)
      storage = .list(offsets: rebased, elements: normalized(elements.slice(from: range.lowerBound, count: range.count)))
    case .structure(let columns): storage = .structure(columns.map(normalized))
    }
    return Column(type: column.type, count: count, validity: validity, storage: storage)
  }

  /// Offsets that start at zero, and the range they covered.
  private static func rebase(_ offsets: Buffer, count: Int) -> (Buffer, Range<Int>) {
    let source = offsets.pointer(to: Int32.self)
    let first = source[0]
    let range = Int(first)..<Int(source[count])
    if first == 0 { return (offsets.slice(from: 0, byteCount: (count + 1) * 4), range) }
    let result = MutableBuffer(capacity: (count + 1) * 4)
    let output = result.pointer(to: Int32.self)
    for index in 0...count { output[index] = source[index] &- first }
    result.byteCount = (count + 1) * 4
    return (result.freeze(), range)
  }
}
