// Brings rows of blocks to where they are needed: in place from the own store, copied row-exactly from another.

import DshColumns
import DshDiagnostics
import DshEngine
import DshStore

extension TaskContext {
  /// The rows of a slice.
  ///
  /// From the own store they are read in place. From another store exactly their bytes are copied: whole blocks buffer by
  /// buffer as they are, parts of a block with text laid out plainly where that takes fewer bytes than a dictionary of which
  /// they use little. The copy lies in an unsealed block of the own store and is freed with the batch. Parts of own blocks that lie on disk are copied
  /// too, to memory of the process: mapped, each of them would keep many more pages of the file in its memory than it has bytes.
  public func rows(of slice: BlockSlice) throws -> Batch {
    let block = try bytes(of: slice)
    let whole = try decode(block)
    guard slice.rows.upperBound <= whole.rowCount else {
      throw Diagnostic(.badBlock, "a block has fewer rows than its table says: \(whole.rowCount)")
    }
    let isWhole = slice.rows.count == whole.rowCount
    let part = isWhole ? whole : whole.slice(from: slice.rows.lowerBound, count: slice.rows.count)
    countDiskRead(of: block, part, isWhole: isWhole)
    if slice.block.node == node, isWhole || !block.isOnDisk { return part }
    if !isWhole { try TextLimit.check([part]) }
    let moved = isWhole ? part : Batch(schema: part.schema, columns: part.columns.map { $0.withoutLargeTable() }, rowCount: part.rowCount)
    return slice.block.node == node ? moved.copied() : try pull(moved, from: block)
  }

  /// The rows of a slice where they are; what is read of another store counts as read in place.
  public func rowsInPlace(of slice: BlockSlice) throws -> Batch { try inPlace(slice, isTable: false) }

  public func tableInPlace(of slice: BlockSlice) throws -> Batch { try inPlace(slice, isTable: true) }

  private func inPlace(_ slice: BlockSlice, isTable: Bool) throws -> Batch {
    let block = try bytes(of: slice)
    let whole = try decode(block)
    let part = slice.rows.count == whole.rowCount ? whole : whole.slice(from: slice.rows.lowerBound, count: slice.rows.count)
    // A table is read from end to end when it is checked, and then looked up here and there, nobody knows how much of it.
    if !isTable || !block.wasChecked { countDiskRead(of: block, part, isWhole: slice.rows.count == whole.rowCount) }
    if slice.block.node != node { countReadInPlace(BlockFormat.encode(part).payloadBytes, of: block) }
    return part
  }

  /// Counts what is looked at of a block on disk: all of it, or the part that is checked in any case and the bytes of some rows.
  private func countDiskRead(of block: BlockBytes, _ part: Batch, isWhole: Bool) {
    guard block.isOnDisk else { return }
    let byteCount = block.location.block.byteCount
    let some = min(byteCount, SpilledChecksums.chunkBytes) + BlockFormat.encode(part).payloadBytes
    store.arena.header.addDiskRead(isWhole ? byteCount : min(byteCount, some))
  }

  /// A whole block where it is, for looking at a few of its values; nothing is counted.
  func batchInPlace(of block: BlockRef) throws -> Batch { try decode(try bytes(of: block, isWhole: false)) }

  private func bytes(of slice: BlockSlice) throws(Diagnostic) -> BlockBytes {
    try bytes(of: slice.block, isWhole: slice.rows.count == slice.block.rows)
  }

  private func decode(_ block: BlockBytes) throws -> Batch {
    do {
      return try BlockFormat.decode(block.bytes, owner: block.owner)
    } catch let failure as DecodingFailure {
      throw Diagnostic(.badBlock, "block \(block.location.block.id) can't be read: \(failure.reason)")
    }
  }

  private func pull(_ batch: Batch, from block: BlockBytes) throws -> Batch {
    let encoded = BlockFormat.encode(batch)
    let room = try createBlock(byteCount: encoded.byteCount)
    encoded.writeHeader(into: room.bytes)
    for (offset, piece) in encoded.pieces {
      try copy(piece.bytes, madeFrom: block, into: UnsafeMutableRawBufferPointer(rebasing: room.bytes[offset..<offset + piece.byteCount]))
    }
    return try BlockFormat.decode(UnsafeRawBufferPointer(room.bytes), owner: PulledBlock(room, context: self))
  }
}

/// Frees a pulled copy when the last batch over it is gone.
private final class PulledBlock: Sendable {
  private let block: WritableBlock
  private let context: TaskContext

  init(_ block: WritableBlock, context: TaskContext) {
    self.block = block
    self.context = context
  }

  deinit { context.abort(block) }
}
