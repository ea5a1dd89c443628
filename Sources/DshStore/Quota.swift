// How many bytes of a store are in use for what, against its limit.

/// Exact sums over the blocks of a table.
public struct Quota: Sendable, Equatable {
  public let limitBytes: Int
  public private(set) var usedBytes = 0
  public private(set) var pinnedBytes = 0
  public private(set) var cachedBytes = 0
  public private(set) var blockCount = 0
  /// What lies on disk, with checksums.
  public internal(set) var spilledBytes = 0
  /// Blocks that lie on disk alone.
  public internal(set) var spilledBlockCount = 0
  /// What operators hold besides blocks.
  public internal(set) var reservedBytes = 0
  /// The most that was ever in use.
  public private(set) var highWaterBytes = 0

  public init(limitBytes: Int) { self.limitBytes = limitBytes }

  /// Bytes that neither blocks nor operators have.
  var freeBytes: Int { limitBytes - usedBytes - reservedBytes }

  mutating func add(_ byteCount: Int, _ state: BlockState) {
    usedBytes += byteCount
    blockCount += 1
    highWaterBytes = max(highWaterBytes, usedBytes)
    count(byteCount, state, sign: 1)
  }

  mutating func remove(_ byteCount: Int, _ state: BlockState) {
    usedBytes -= byteCount
    blockCount -= 1
    count(byteCount, state, sign: -1)
  }

  mutating func change(_ byteCount: Int, from old: BlockState, to new: BlockState) {
    count(byteCount, old, sign: -1)
    count(byteCount, new, sign: 1)
  }

  private mutating func count(_ byteCount: Int, _ state: BlockState, sign: Int) {
    switch state {
    case .pinned: pinnedBytes += sign * byteCount
    case .cached: cachedBytes += sign * byteCount
    case .created, .sealed, .doomed: break
    }
  }
}
