// The blocks of one store: pure bookkeeping that ties lifecycle, space, quota and eviction together.

import DshColumns

/// What a store knows about one of its blocks.
public struct BlockRecord: Sendable, Equatable {
  public let id: BlockID
  public internal(set) var state: BlockState
  /// Space taken in the arena; longer than the block by its padding.
  public internal(set) var space: Range<Int>
  public internal(set) var byteCount: Int
  public internal(set) var rows: Int
}

/// All blocks of a store. Every change keeps the sums equal to the blocks.
public struct BlockTable: Sendable {
  public private(set) var records: [BlockID: BlockRecord] = [:]
  public private(set) var quota: Quota
  private var allocator: ArenaAllocator
  private var eviction = Eviction()

  public init(space: Range<Int>) {
    allocator = ArenaAllocator(space: space)
    quota = Quota(limitBytes: space.count)
  }

  public var residentBytes: Int { allocator.residentBytes }

  /// What became of the wish for a new block.
  public enum Creation: Sendable, Equatable {
    /// `fresh` has to be reserved before the block is written; `evicted` are gone.
    case created(space: Range<Int>, fresh: Range<Int>?, evicted: [BlockID])
    case duplicate
    /// Not even evicting everything evictable would make room.
    case full
  }

  /// Makes a block of `byteCount` bytes, evicting cached blocks if that is what it takes, and none if it can't help.
  public mutating func create(_ id: BlockID, byteCount: Int) -> Creation {
    precondition(byteCount >= 0, "a block of no negative size, got \(byteCount)")
    if records[id] != nil { return .duplicate }
    var evicted: [BlockID] = []
    while true {
      if byteCount <= quota.freeBytes, let allocation = allocator.allocate(byteCount) {
        records[id] = BlockRecord(id: id, state: .created, space: allocation.range, byteCount: byteCount, rows: 0)
        quota.add(byteCount, .created)
        return .created(space: allocation.range, fresh: allocation.fresh, evicted: evicted)
      }
      if evicted.isEmpty && !canMakeRoom(for: byteCount) { return .full }
      guard let victim = eviction.victim, apply(.evict, to: victim) == .remove else { return .full }
      evicted.append(victim)
    }
  }

  /// Counts more memory of operators, evicting cached blocks if that is what it takes.
  ///
  /// - Returns: the blocks that are gone; nil if even evicting everything evictable would not make room, and nothing is counted.
  public mutating func reserve(_ byteCount: Int) -> [BlockID]? {
    guard byteCount <= quota.limitBytes, byteCount <= quota.freeBytes || byteCount <= quota.freeBytes + evictableBytes else { return nil }
    var evicted: [BlockID] = []
    while byteCount > quota.freeBytes, let victim = eviction.victim, apply(.evict, to: victim) == .remove { evicted.append(victim) }
    quota.reservedBytes += byteCount
    return evicted
  }

  /// Looks at every block.
  private var evictableBytes: Int {
    quota.cachedBytes == 0 ? 0 : records.values.reduce(0) { $0 + ($1.state == .cached(holds: 0) ? $1.byteCount : 0) }
  }

  /// Counts less of it.
  public mutating func unreserve(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= quota.reservedBytes, "no more is given back than was reserved")
    quota.reservedBytes -= byteCount
  }

  /// Whether the space would suffice with all evictable blocks gone, wherever the others lie.
  private func canMakeRoom(for byteCount: Int) -> Bool {
    // Checked first: rounding up a size near the largest integer would overflow.
    guard byteCount <= quota.limitBytes, byteCount <= quota.freeBytes + quota.cachedBytes else { return false }
    let padding = ArenaAllocator.alignment * quota.blockCount
    guard allocator.freeBytes + quota.cachedBytes + padding >= ArenaAllocator.spaceNeeded(byteCount) else { return false }
    var trial = allocator
    for record in records.values where record.state == .cached(holds: 0) { trial.free(record.space) }
    return trial.allocate(byteCount) != nil
  }

  /// Moves a block on in its life; `.refuse` for an unknown block.
  @discardableResult
  public mutating func apply(_ event: BlockState.Event, to id: BlockID) -> BlockState.Action {
    guard var record = records[id] else { return .refuse }
    let before = record.state
    let action = record.state.apply(event)
    switch action {
    case .refuse: break
    case .remove:
      quota.remove(record.byteCount, before)
      allocator.free(record.space)
      eviction.remove(id)
      records[id] = nil
    case .none:
      quota.change(record.byteCount, from: before, to: record.state)
      records[id] = record
      if record.state == .cached(holds: 0) { eviction.insert(id) } else { eviction.remove(id) }
    }
    return action
  }

  /// Completes a block: the number of its rows is known now.
  public mutating func seal(_ id: BlockID, rows: Int) -> BlockState.Action {
    records[id]?.rows = rows
    return apply(.seal, to: id)
  }

  /// Cuts a block that is still being filled to its first `byteCount` bytes.
  public mutating func shrink(_ id: BlockID, to byteCount: Int) {
    guard var record = records[id], record.state == .created, byteCount >= 0, byteCount <= record.byteCount else {
      preconditionFailure("a block being filled and a smaller size, got \(id), \(byteCount)")
    }
    quota.remove(record.byteCount, .created)
    quota.add(byteCount, .created)
    let end = record.space.lowerBound + ArenaAllocator.spaceNeeded(byteCount)
    if end < record.space.upperBound {
      allocator.free(end..<record.space.upperBound)
      record.space = record.space.lowerBound..<end
    }
    record.byteCount = byteCount
    records[id] = record
  }

  /// Free pages beyond `keepBytes` that the system may have back.
  public mutating func takeDiscardable(keepBytes: Int) -> [Range<Int>] { allocator.takeDiscardable(keepBytes: keepBytes) }
}
