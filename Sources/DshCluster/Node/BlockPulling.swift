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
    let (block, whole) = try whole(of: slice)
    let isWhole = slice.rows.count == whole.rowCount
    if block.isOnDisk { store.arena.header.addDiskRead(try diskRead(of: block, whole, rows: slice.rows)) }
    let part = isWhole ? whole : whole.slice(from: slice.rows.lowerBound, count: slice.rows.count)
    if slice.block.node == node, isWhole || !block.isOnDisk { return part }
    if !isWhole { try TextLimit.check([part]) }
    let moved = isWhole ? part : part.withoutLargeTables()
    return slice.block.node == node ? moved.copied() : try pull(moved, from: block)
  }

  /// The rows of a slice where they are; what is read of another store counts as read in place.
  public func rowsInPlace(of slice: BlockSlice) throws -> Batch { try inPlace(slice, isTable: false) }

  public func tableInPlace(of slice: BlockSlice) throws -> Batch { try inPlace(slice, isTable: true) }

  private func inPlace(_ slice: BlockSlice, isTable: Bool) throws -> Batch {
    let (block, whole) = try whole(of: slice)
    if block.isOnDisk {
      let byteCount = try diskRead(of: block, whole, rows: slice.rows)
      // A table is read from end to end when it is checked, and then looked up here and there, nobody knows how much of it.
      if !isTable || !block.wasChecked { store.arena.header.addDiskRead(byteCount) }
    }
    let part = slice.rows.count == whole.rowCount ? whole : whole.slice(from: slice.rows.lowerBound, count: slice.rows.count)
    if slice.block.node != node { countReadInPlace(BlockFormat.encode(part).payloadBytes, of: block) }
    return part
  }

  /// The bytes that are looked at of a block on disk for some of its rows; those of parts are checked, as those of a whole block are.
  private func diskRead(of block: BlockBytes, _ whole: Batch, rows: Range<Int>) throws -> Int {
    if rows.count == whole.rowCount { return block.location.block.byteCount }
    return try partialRead(of: block, whole.columns, rows: rows).byteCount
  }

  private func partialRead(of block: BlockBytes, _ columns: [Column], rows: Range<Int>) throws -> PartialRead {
    var read = PartialRead(block)
    do { for column in columns { try read.add(rows, of: column) } } catch let failure as DecodingFailure {
      throw Self.unreadable(block, failure)
    }
    return read
  }

  /// A block where it is, for looking at values of some columns, which are checked; nothing is counted.
  ///
  /// - Parameter columns: which of those that it has, by their types.
  func batchInPlace(of block: BlockRef, columns: (Schema) -> [Int]) throws -> Batch {
    let bytes = try bytes(of: block, isWhole: false)
    let batch = try decode(bytes)
    if bytes.isOnDisk { _ = try partialRead(of: bytes, columns(batch.schema).map { batch.columns[$0] }, rows: 0..<batch.rowCount) }
    return batch
  }

  /// The block of a slice, as far as it is to be read.
  private func whole(of slice: BlockSlice) throws -> (BlockBytes, Batch) {
    let block = try bytes(of: slice.block, isWhole: slice.rows.count == slice.block.rows)
    let whole = try decode(block)
    guard slice.rows.upperBound <= whole.rowCount else {
      throw Diagnostic(.badBlock, "a block has fewer rows than its table says: \(whole.rowCount)")
    }
    return (block, whole)
  }

  private func decode(_ block: BlockBytes) throws -> Batch {
    do {
      return try BlockFormat.decode(block.bytes, owner: block.owner)
    } catch let failure as DecodingFailure {
      throw Self.unreadable(block, failure)
    }
  }

  private static func unreadable(_ block: BlockBytes, _ failure: DecodingFailure) -> Diagnostic {
    Diagnostic(.badBlock, "block \(block.location.block.id) can't be read: \(failure.reason)")
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
