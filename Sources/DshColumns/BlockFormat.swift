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
  public let rowCount: Int
  /// Everything before the first buffer, without padding.
  public let header: [UInt8]
  /// The bytes of the buffers and where each run of them goes, in ascending order. A buffer may come in several pieces.
  public let pieces: [(offset: Int, bytes: Buffer)]
  /// The size of the whole block.
  public let byteCount: Int

  /// The bytes of all buffers: what a transfer of the block moves.
  public var payloadBytes: Int { pieces.reduce(0) { $0 + $1.bytes.byteCount } }

  /// Copies header and buffers to memory of at least `byteCount` bytes; padding is left as it is.
  public func write(into destination: UnsafeMutableRawBufferPointer) {
    unsafe writeHeader(into: destination)
    // Each piece ends at or before `byteCount`, for which there is room.
    for (offset, piece) in pieces where piece.byteCount > 0 {
      unsafe UnsafeMutableRawBufferPointer(rebasing: destination[offset..<offset + piece.byteCount]).copyMemory(from: piece.bytes)
    }
  }

  public func writeHeader(into destination: UnsafeMutableRawBufferPointer) {
    precondition(destination.count >= byteCount, "room for the block: \(byteCount) bytes, \(destination.count) given")
    unsafe destination.copyBytes(from: header)
  }

  /// Calls `body` with the whole block as runs of bytes one behind another, zeros for padding.
  public func withRuns<Result>(_ body: ([UnsafeRawBufferPointer]) throws -> Result) rethrows -> Result {
    try unsafe header.withUnsafeBytes { header in
      // Header, padding and pieces live as long as this block, and so longer than the call.
      var runs = unsafe [header]
      var position = header.count
      func pad(to offset: Int) {
        if offset > position { unsafe runs.append(UnsafeRawBufferPointer(rebasing: Self.padding.bytes[..<(offset - position)])) }
        position = offset
      }
      for (offset, piece) in pieces where piece.byteCount > 0 {
        pad(to: offset)
        unsafe runs.append(piece.bytes)
        position += piece.byteCount
      }
      pad(to: byteCount)
      return try unsafe body(runs)
    }
  }

  private static let padding: Buffer = {
    let zeros = MutableBuffer(capacity: MutableBuffer.alignment)
    zeros.appendZeros(MutableBuffer.alignment)
    return zeros.freeze()
  }()
}

/// Lays batches out as blocks and reads them back in place.
public enum BlockFormat {
  static let magic: UInt32 = 0x3142_5344  // "DSB1"
  /// The most bytes of header that are read: schemas of tens of thousands of columns fit.
  static let headerLimit = 64 << 20
  /// No block or column has so many rows: sizes computed from their number can't overflow.
  static let rowLimit = 1 << 40

  /// Lays a batch out; text that does not start at offset zero is rebased.
  public static func encode(_ batch: Batch) -> EncodedBlock {
    encode(batch.schema, columns: batch.columns.map { ColumnLayout($0) }, rowCount: batch.rowCount)
  }

  static func encode(_ schema: Schema, columns: [ColumnLayout], rowCount: Int) -> EncodedBlock {
    // The header is as long with all offsets zero, and the first of them follows from its length.
    var draft = BlockHeader(schema, rowCount: rowCount, firstOffset: 0)
    for column in columns { draft.describe(column) }
    var header = BlockHeader(schema, rowCount: rowCount, firstOffset: aligned(draft.bytes.count))
    for column in columns { header.describe(column) }
    return EncodedBlock(rowCount: rowCount, header: header.bytes, pieces: header.pieces, byteCount: header.position)
  }

  static func aligned(_ offset: Int) -> Int { (offset + MutableBuffer.alignment - 1) & ~(MutableBuffer.alignment - 1) }
}

/// Describes the columns of a block and gives each buffer its place.
private struct BlockHeader {
  private var writer = ByteWriter()
  /// Where the next buffer goes.
  private(set) var position: Int
  private(set) var pieces: [(offset: Int, bytes: Buffer)] = []

  init(_ schema: Schema, rowCount: Int, firstOffset: Int) {
    position = firstOffset
    writer.write(schema)
    writer.write(rowCount)
  }

  var bytes: [UInt8] {
    var whole = ByteWriter()
    whole.write(BlockFormat.magic)
    whole.write(writer.bytes)
    return whole.bytes
  }

  private mutating func place(_ buffer: [Buffer]) {
    let byteCount = buffer.reduce(0) { $0 + $1.byteCount }
    writer.write(position)
    writer.write(byteCount)
    var offset = position
    for piece in buffer {
      pieces.append((offset, piece))
      offset += piece.byteCount
    }
    position = BlockFormat.aligned(offset)
  }

  mutating func describe(_ column: ColumnLayout) {
    writer.write(column.count)
    writer.write(column.validity != nil)
    if let validity = column.validity { place([validity]) }
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
}
