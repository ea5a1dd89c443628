// The blocks of one store: pure bookkeeping that ties lifecycle, space, quota and eviction together.

import DshColumns

/// What a store knows about one of its blocks.
public struct BlockRecord: Sendable, Equatable {
  public let id: BlockID
  public internal(set) var state: BlockState
  /// Space taken in the arena, longer than the block by its padding; nil for a block that lies on disk alone.
  public internal(set) var space: Range<Int>?
  /// Space taken in the spill file, if it was written there.
  public internal(set) var disk: Range<Int>?
  public internal(set) var byteCount: Int
  public internal(set) var rows: Int
}

/// All blocks of a store. Every change keeps the sums equal to the blocks.
public struct BlockTable: Sendable {
  public private(set) var records: [BlockID: BlockRecord] = [:]
  public private(set) var quota: Quota
  private var allocator: ArenaAllocator
  private var eviction = Eviction()
  private var disk: ArenaAllocator
  /// Blocks on disk alone that may go if there is no room for others.
  private var diskEviction = Eviction()

  /// - Parameter diskBytes: how much may lie on disk.
  public init(space: Range<Int>, diskBytes: Int = 0) {
    allocator = ArenaAllocator(space: space)
    disk = ArenaAllocator(space: 0..<diskBytes)
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
    quota.cachedBytes == 0 ? 0 : records.values.reduce(0) { $0 + ($1.state == .cached(holds: 0) && $1.space != nil ? $1.byteCount : 0) }
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
    for record in records.values where record.state == .cached(holds: 0) { if let space = record.space { trial.free(space) } }
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
      eviction.remove(id)
      diskEviction.remove(id)
      if let space = record.space {
        quota.remove(record.byteCount, before)
        allocator.free(space)
      } else {
        quota.spilledBlockCount -= 1
      }
      if let place = record.disk { freeDisk(place) }
      records[id] = nil
    case .none:
      if record.space != nil { quota.change(record.byteCount, from: before, to: record.state) }
      records[id] = record
      noteUse(of: record)
    }
    return action
  }

  /// Puts a block where it belongs in the order of those that may go.
  private mutating func noteUse(of record: BlockRecord) {
    eviction.remove(record.id)
    diskEviction.remove(record.id)
    guard record.state == .cached(holds: 0) else { return }
    if record.space != nil { eviction.insert(record.id) } else { diskEviction.insert(record.id) }
  }

  // MARK: Disk

  /// Takes space on disk for a block that lies in memory alone; blocks on disk that nobody needs go for it.
  ///
  /// - Returns: where its bytes are, and where they are to be written; nil for a block that is not sealed or not there, or if the disk is full.
  public mutating func beginSpill(_ id: BlockID) -> (space: Range<Int>, disk: Range<Int>, evicted: [BlockID])? {
    guard let record = records[id], record.state != .created, record.disk == nil, let space = record.space else { return nil }
    var evicted: [BlockID] = []
    while true {
      if let place = disk.allocate(SpillFile.spaceNeeded(record.byteCount)) {
        records[id]?.disk = place.range
        quota.spilledBytes += place.range.count
        return (space.lowerBound..<space.lowerBound + record.byteCount, place.range, evicted)
      }
      guard let victim = diskEviction.victim, apply(.evict, to: victim) == .remove else { return nil }
      evicted.append(victim)
    }
  }

  /// The block could not be written; it stays in memory.
  public mutating func cancelSpill(_ id: BlockID, at place: Range<Int>) {
    guard records[id]?.disk == place, records[id]?.space != nil else { return }
    records[id]?.disk = nil
    freeDisk(place)
  }

  /// Gives up the memory of a block that was written to disk. Nobody may be reading it.
  public mutating func vacate(_ id: BlockID) {
    guard var record = records[id], record.disk != nil, let space = record.space else { return }
    quota.remove(record.byteCount, record.state)
    quota.spilledBlockCount += 1
    allocator.free(space)
    record.space = nil
    records[id] = record
    noteUse(of: record)
  }

  private mutating func freeDisk(_ place: Range<Int>) {
    quota.spilledBytes -= place.count
    disk.free(place)
  }

  /// Space on disk that the file system may have back.
  public mutating func takeDiscardableDisk() -> [Range<Int>] { disk.takeDiscardable(keepBytes: 0) }

  /// Completes a block: the number of its rows is known now.
  public mutating func seal(_ id: BlockID, rows: Int) -> BlockState.Action {
    records[id]?.rows = rows
    return apply(.seal, to: id)
  }

  /// Cuts a block that is still being filled to its first `byteCount` bytes.
  public mutating func shrink(_ id: BlockID, to byteCount: Int) {
    guard var record = records[id], record.state == .created, let space = record.space, byteCount >= 0, byteCount <= record.byteCount else {
      preconditionFailure("a block being filled and a smaller size, got \(id), \(byteCount)")
    }
    quota.remove(record.byteCount, .created)
    quota.add(byteCount, .created)
    let end = space.lowerBound + ArenaAllocator.spaceNeeded(byteCount)
    if end < space.upperBound {
      allocator.free(end..<space.upperBound)
      record.space = space.lowerBound..<end
    }
    record.byteCount = byteCount
    records[id] = record
  }

  /// Free pages beyond `keepBytes` that the system may have back.
  public mutating func takeDiscardable(keepBytes: Int) -> [Range<Int>] { allocator.takeDiscardable(keepBytes: keepBytes) }
}
