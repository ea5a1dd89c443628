// Where a block lies: in the arena of its owner, or in the owner's spill file.

import DshColumns

/// The largest number of nodes, head included: the arena header has one pair of counters for each.
public let nodeLimit = 64

/// The place of a block's bytes.
public enum BlockPlace: Hashable, Sendable {
  /// In the arena, from this byte on.
  case memory(offset: Int)
  /// In the spill file, from this byte on.
  case disk(offset: Int)
}

/// A sealed block and the place of its bytes.
public struct BlockLocation: Hashable, Sendable {
  public let block: BlockRef
  public let place: BlockPlace

  public init(_ block: BlockRef, _ place: BlockPlace) {
    self.block = block
    self.place = place
  }
}
