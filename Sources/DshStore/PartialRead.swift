// Parts of a block on disk that are read without the rest: each is checked before it is believed, and counted once.
import DshColumns
import DshDiagnostics

/// Which chunks of a block on disk were read.
public struct PartialRead {
  private let block: BlockBytes
  private var chunks: Set<Int> = []

  public init(_ block: BlockBytes) {
    precondition(block.isOnDisk, "a block on disk")
    self.block = block
    chunks = unsafe Set(0..<SpilledChecksums.count(min(block.byteCount, BlockFormat.headerByteCount(of: block.bytes))))
  }

  /// The bytes of all chunks so far, those of the header among them.
  public var byteCount: Int { min(block.byteCount, chunks.count * SpilledChecksums.chunkBytes) }

  /// Takes in some bytes of the block.
  ///
  /// - Throws: `bad-block` if they are not what was written.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
    guard bytes.count > 0, let start = bytes.baseAddress, let first = unsafe block.bytes.baseAddress else { return }
    let offset = unsafe start - first
    precondition(offset >= 0 && offset + bytes.count <= block.byteCount, "bytes of the block")
    let touched = offset / SpilledChecksums.chunkBytes..<(offset + bytes.count - 1) / SpilledChecksums.chunkBytes + 1
    for chunk in touched where chunks.insert(chunk).inserted {
      if !block.wasChecked { try block.check(chunks: chunk..<chunk + 1) }
    }
  }

  /// Takes in some rows of a column of the block.
  ///
  /// - Throws: `bad-block` if they are not what was written.
  public mutating func add(_ rows: Range<Int>, of column: Column) throws { try unsafe column.visitBytes(of: rows) { try unsafe add($0) } }
}

extension BlockBytes {
  /// Checks some chunks of a block on disk.
  func check(chunks: Range<Int>) throws(Diagnostic) {
    // In bounds: what was mapped reaches to the end of the checksums, which stand behind the block.
    let whole = unsafe UnsafeRawBufferPointer(start: bytes.baseAddress, count: SpillFile.spaceNeeded(byteCount))
    guard unsafe SpilledChecksums.areRight(whole, byteCount: byteCount, chunks: chunks) else {
      throw Diagnostic(
        .badBlock, "a block on disk is not what was written: \(location.block.id) of node\(location.block.node)",
        notes: ["the disk may be faulty: --spill-directory names another one"])
    }
  }
}
