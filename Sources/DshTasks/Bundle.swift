// Rows of several blocks in one run of bytes, for a task that needs some of many blocks.
//
//     ┌───────────┬───────────────────────────────────────────────────────────────┬─────┬────────────┬────────────┐
//     │ magic u32 │ for each entry: block, first row, rows, offset, bytes         │ pad │ block      │ block      │ …
//     │           │ (ByteWriter, its length u32 in front)                         │     │ 64-aligned │ 64-aligned │
//     └───────────┴───────────────────────────────────────────────────────────────┴─────┴────────────┴────────────┘
//
// Each entry is a block of its own, as `BlockFormat` has it; the rows of an entry are rows of the block that it was cut of.

import DshColumns
import DshDiagnostics
import DshEngine

/// Some rows of a block, at hand.
public struct BundleEntry: Sendable {
  public var block: BlockID
  /// The place of the first row in the block.
  public var firstRow: Int
  public var rows: Batch

  public init(block: BlockID, firstRow: Int, rows: Batch) {
    self.block = block
    self.firstRow = firstRow
    self.rows = rows
  }
}

/// Lays bundles out and reads them where they lie.
public enum Bundle {
  static let magic: UInt32 = 0x3144_5344  // "DSD1"
  /// Of entries: that of a header of bytes, as a list of any number of blocks of a store fits.
  private static let headerLimit = 1 << 30
  private static let entryBytes = 40

  /// A bundle as runs of bytes one behind another. Rows that are no whole block have been made compact before.
  public static func runs(of entries: [BundleEntry]) -> [Buffer] {
    let blocks = entries.map { BlockFormat.encode($0.rows) }
    var writer = ByteWriter()
    writer.write(magic)
    writer.write(UInt32(4 + entries.count * entryBytes))
    writer.write(UInt32(entries.count))
    var offset = aligned(writer.bytes.count + entries.count * entryBytes)
    for (entry, block) in zip(entries, blocks) {
      writer.write(entry.block.rawValue)
      for number in [entry.firstRow, block.rowCount, offset, block.byteCount] { writer.write(number) }
      // Blocks end at a multiple of 64.
      offset += block.byteCount
    }
    return [Buffer(copying: writer.bytes), .zeros(aligned(writer.bytes.count) - writer.bytes.count)] + blocks.flatMap(\.runs)
  }

  /// The rows in a bundle. They point into its memory, which `owner` keeps alive; without one, whoever gave it does.
  public static func read(_ memory: Buffer, owner: AnyObject? = nil) throws(DecodingFailure) -> [BundleEntry] {
    let bytes = unsafe memory.bytes
    // Enough for both numbers, and nothing is read beyond what is there.
    guard bytes.count >= 8, unsafe bytes.loadUnaligned(as: UInt32.self) == magic else { throw DecodingFailure("not a bundle") }
    let headerBytes = unsafe Int(bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    guard headerBytes <= headerLimit, headerBytes <= bytes.count - 8 else { throw DecodingFailure("the header of a bundle is cut short") }
    return try unsafe decodeWhole(Array(UnsafeRawBufferPointer(rebasing: bytes[8..<8 + headerBytes]))) { reader in
      try reader.readArray { reader in
        let (block, firstRow) = (BlockID(rawValue: try reader.readUInt64()), try reader.readRowNumber())
        let (rowCount, offset, byteCount) = (try reader.readRowNumber(), try reader.readRowNumber(), try reader.readRowNumber())
        guard offset >= 8 + headerBytes, offset % MutableBuffer.alignment == 0, offset <= bytes.count, byteCount <= bytes.count - offset
        else {
          throw DecodingFailure("an entry outside its bundle: \(offset), \(byteCount) of \(bytes.count)")
        }
        let rows = try unsafe BlockFormat.decode(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + byteCount]), owner: owner)
        guard rows.rowCount == rowCount else { throw DecodingFailure("an entry of another number of rows") }
        return BundleEntry(block: block, firstRow: firstRow, rows: rows)
      }
    }
  }

  private static func aligned(_ offset: Int) -> Int { (offset + MutableBuffer.alignment - 1) & ~(MutableBuffer.alignment - 1) }
}
