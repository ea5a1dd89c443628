// The store of one process: creates, seals, keeps and frees blocks in its arena.
import DshColumns
import DshDiagnostics
import DshSystem
import Synchronization

/// Space for a block that is being filled. Nobody else sees it before it is sealed.
///
/// `@safe`: having it touches no byte, and `bytes` says itself that it is unsafe. They belong to the block until it is aborted or freed.
@safe public struct WritableBlock: @unchecked Sendable {
  // `@unchecked Sendable`: only the maker of the block has this value, and it writes from one thread at a time.
  public let id: BlockID
  /// Zero or reused memory: whoever fills the block writes every byte that a reader will look at.
  public let bytes: UnsafeMutableRawBufferPointer
}

/// The blocks of one process, in shared memory. Safe to use from any thread; the lock is never held while pages are fetched or bytes written.
public final class ObjectStore: Sendable {
  public let arena: Arena
  public let node: NodeIndex
  public let epoch: Int
  private let state: Mutex<State>
  /// Nil if blocks stay in memory.
  public let spill: SpillSettings?
  /// Made when it is first needed; written by one thread.
  private let spillFile = Mutex<SpillFile?>(nil)

  private struct State {
    var table: BlockTable
    var evicted: [BlockID] = []
  }

  /// Free pages beyond this share of the limit go back to the system when blocks are freed.
  static let residentFreeShare = 4

  public init(node: NodeIndex, epoch: Int, limitBytes: Int, spill: SpillSettings? = nil) throws(Diagnostic) {
    arena = try Arena(node: node, epoch: epoch, limitBytes: limitBytes)
    self.node = node
    self.epoch = epoch
    self.spill = spill
    let space = ArenaHeader.byteCount..<ArenaHeader.byteCount + limitBytes
    state = Mutex(State(table: BlockTable(space: space, diskBytes: spill?.limitBytes ?? 0)))
  }

  public var limitBytes: Int { arena.header.limitBytes }

  /// Makes room for a block that is written in place, evicting cached blocks if need be.
  ///
  /// - Throws: `store-full` if even that does not help, with what is needed, used and allowed.
  public func create(_ id: BlockID, byteCount: Int) throws(Diagnostic) -> WritableBlock {
    let (block, fresh) = try reserve(id, byteCount: byteCount)
    if let fresh { arena.populate(fresh) }
    return block
  }

  /// Makes a block of runs of bytes that lie elsewhere. Fresh pages are written through the file, which takes half the time of mapping them first;
  /// pages that are there are written in place, which takes a third of it.
  ///
  /// - Throws: as `create` with a size.
  public func create(_ id: BlockID, of runs: [UnsafeRawBufferPointer]) throws(Diagnostic) -> WritableBlock {
    let byteCount = unsafe runs.reduce(0) { $0 + $1.count }
    let (block, fresh) = try reserve(id, byteCount: byteCount)
    guard let start = unsafe block.bytes.baseAddress else { return block }
    let offset = unsafe UnsafeRawPointer(start) - UnsafeRawPointer(arena.mapping.address)
    guard fresh != nil else {
      arena.populate(offset..<offset + byteCount)
      // In bounds: the block is as long as its runs together.
      var position = unsafe start
      for index in unsafe runs.indices {
        let run = unsafe runs[index]
        if let source = run.baseAddress { unsafe position.copyMemory(from: source, byteCount: run.count) }
        unsafe position += run.count
      }
      return block
    }
    do { try unsafe arena.write(runs, at: offset) } catch {
      abort(id)
      throw error
    }
    return block
  }

  /// Makes room for a block; `fresh` are those of its pages that nothing has mapped yet.
  private func reserve(_ id: BlockID, byteCount: Int) throws(Diagnostic) -> (block: WritableBlock, fresh: Range<Int>?) {
    guard byteCount >= 0 else { throw Diagnostic(.badBlockSize, "a block size is negative: \(byteCount)") }
    let (creation, quota) = state.withLock { state in
      let creation = state.table.create(id, byteCount: byteCount)
      if case .created(_, _, let evicted) = creation { state.evicted += evicted }
      publish(state.table)
      return (creation, state.table.quota)
    }
    switch creation {
    case .created(let space, let fresh, _):
      if let fresh {
        do { try arena.reserve(fresh) } catch {
          abort(id)
          throw error
        }
      }
      // In bounds: the allocator hands out ranges of the arena's space only, and `space` is at least `byteCount` long.
      let bytes = unsafe UnsafeMutableRawBufferPointer(start: arena.mapping.address + space.lowerBound, count: byteCount)
      return (unsafe WritableBlock(id: id, bytes: bytes), fresh)
    case .duplicate:
      throw Diagnostic(.duplicateBlock, "a block is made twice in one store: \(id)")
    case .full:
      throw storeFull("\(byteCount) bytes needed", quota)
    }
  }

  /// Counts more memory of operators against the limit, or less if `byteCount` is negative.
  ///
  /// - Throws: `store-full` if even evicting cached blocks makes no room; nothing is counted then.
  public func reserve(_ byteCount: Int) throws(Diagnostic) {
    if byteCount <= 0 { return unreserve(-byteCount) }
    let refused: Quota? = state.withLock { state in
      guard let evicted = state.table.reserve(byteCount) else { return state.table.quota }
      state.evicted += evicted
      if !evicted.isEmpty { publish(state.table) }
      return nil
    }
    // How much is asked for at once follows from the size of batches, which tells nobody anything.
    if let refused { throw storeFull("running tasks need more room", refused) }
  }

  /// Counts less memory of operators.
  public func unreserve(_ byteCount: Int) {
    if byteCount > 0 { state.withLock { $0.table.unreserve(byteCount) } }
  }

  private func storeFull(_ need: String, _ quota: Quota) -> Diagnostic {
    let isDiskShort = spill.map { quota.spilledBytes > $0.limitBytes / 2 } ?? false
    let limit = "as --spill-limit says, or half of what was free"
    let disk = isDiskShort ? ["on disk: \(quota.spilledBytes) of \(spill?.limitBytes ?? 0) bytes, \(limit)"] : []
    return Diagnostic(
      .storeFull, "the object store of \(node == 0 ? "head" : "node\(node)") is full: \(need)",
      notes: [
        "used: \(quota.usedBytes) of \(quota.limitBytes) bytes, \(quota.pinnedBytes) of them pinned, \(quota.blockCount) blocks"
          + (quota.reservedBytes > 0 ? "; running tasks hold more" : "")
      ] + disk + [
        "unpersist a dataset, persist with --level=memory+disk, or start dsh with a larger --object-store-memory"
      ] + ProcessLimits.current.storeNotes)
  }

  /// Completes a block; from now on its bytes never change.
  @discardableResult
  public func seal(_ id: BlockID, rows: Int) -> BlockLocation {
    state.withLock { state in
      let action = state.table.seal(id, rows: rows)
      guard action == .none, let record = state.table.records[id] else {
        preconditionFailure("only a block being filled is sealed, got \(id)")
      }
      publish(state.table)
      return location(record)
    }
  }

  /// Cuts a block that is being filled to its first `byteCount` bytes; the rest is free again.
  public func shrink(_ id: BlockID, to byteCount: Int) {
    state.withLock { state in
      state.table.shrink(id, to: byteCount)
      publish(state.table)
    }
  }

  /// Gives up a block that is being filled.
  public func abort(_ id: BlockID) { apply(.abort, to: [id]) }

  /// Protects blocks from eviction until they are released as often; the ones that aren't there.
  public func hold(_ ids: [BlockID]) -> [BlockID] { apply(.hold, to: ids) }

  public func release(_ ids: [BlockID]) { apply(.release, to: ids) }

  /// Says what becomes of sealed blocks; unknown ones are passed over. `.cached` also unpins.
  public func settle(_ ids: [BlockID], as retention: BlockState.Retention) {
    apply(.settle(retention), to: ids)
    if retention == .freed { discardSurplus() }
  }

  @discardableResult
  private func apply(_ event: BlockState.Event, to ids: [BlockID]) -> [BlockID] {
    if ids.isEmpty { return [] }
    return state.withLock { state in
      var refused: [BlockID] = []
      for id in ids where state.table.apply(event, to: id) == .refuse { refused.append(id) }
      publish(state.table)
      return refused
    }
  }

  /// The blocks evicted since the last time; they are gone.
  public func takeEvicted() -> [BlockID] {
    state.withLock { state in
      let evicted = state.evicted
      state.evicted = []
      return evicted
    }
  }

  /// Where a sealed block is; nil if there is none of that name.
  public func location(of id: BlockID) -> BlockLocation? {
    state.withLock { state in
      guard let record = state.table.records[id], record.state != .created else { return nil }
      return location(record)
    }
  }

  /// All blocks, in order of their names.
  public func records() -> [BlockRecord] {
    state.withLock { $0.table.records.values.sorted { $0.id < $1.id } }
  }

  private func location(_ record: BlockRecord) -> BlockLocation {
    if let space = record.space { return BlockLocation(reference(record), .memory(offset: space.lowerBound)) }
    guard let location = diskLocation(record) else { preconditionFailure("a block lies somewhere: \(record.id)") }
    return location
  }

  private func diskLocation(_ record: BlockRecord) -> BlockLocation? {
    record.disk.map { BlockLocation(reference(record), .disk(offset: $0.lowerBound)) }
  }

  private func reference(_ record: BlockRecord) -> BlockRef {
    BlockRef(id: record.id, node: node, epoch: epoch, byteCount: record.byteCount, rows: record.rows)
  }

  // MARK: Disk

  /// Writes blocks to disk; they stay in memory until they are vacated. Called by one thread.
  ///
  /// - Returns: those that are on disk now, with their places there, and why there are not more, if there is a reason.
  public func spill(_ ids: [BlockID]) -> (written: [BlockLocation], failure: Diagnostic?) {
    guard let spill else { return ([], nil) }
    var written: [BlockLocation] = []
    for id in ids {
      let begun = state.withLock { state in
        let begun = state.table.beginSpill(id)
        state.evicted += begun?.evicted ?? []
        return begun
      }
      guard let begun else {
        if let location = spilledLocation(of: id) {
          written.append(location)
        } else if location(of: id) != nil {
          return (written, Self.diskFull(spill))
        }
        continue
      }
      do throws(Diagnostic) {
        // In bounds: the block's own space. It stays as it is, since only this thread vacates; a block that is evicted meanwhile is not looked up again.
        let bytes = unsafe UnsafeRawBufferPointer(start: arena.mapping.address + begun.space.lowerBound, count: begun.space.count)
        try unsafe write(bytes, at: begun.disk.lowerBound, spill)
      } catch {
        state.withLock { $0.table.cancelSpill(id, at: begun.disk) }
        return (written, error)
      }
      if let location = spilledLocation(of: id) { written.append(location) }
    }
    state.withLock { publish($0.table) }
    return (written, nil)
  }

  private static func diskFull(_ spill: SpillSettings) -> Diagnostic {
    Diagnostic(
      .diskFull, "a node keeps no more than \(bytesText(spill.limitBytes)) on disk", notes: ["give --spill-limit a larger size"])
  }

  private func write(_ block: UnsafeRawBufferPointer, at offset: Int, _ settings: SpillSettings) throws(Diagnostic) {
    let failure: Diagnostic? = spillFile.withLock { file in
      do throws(Diagnostic) {
        if file == nil { file = try SpillFile(in: settings.folder) }
        try unsafe file?.write(block, at: offset)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  private func spilledLocation(of id: BlockID) -> BlockLocation? {
    state.withLock { $0.table.records[id].flatMap(diskLocation) }
  }

  /// Gives up the memory of blocks that are on disk. Nobody may be reading them where they were.
  public func vacate(_ ids: [BlockID]) {
    state.withLock { state in
      for id in ids { state.table.vacate(id) }
      publish(state.table)
    }
  }

  /// What peers are given to read blocks on disk; nil as long as there are none.
  public func spillDescriptor() throws(Diagnostic) -> Descriptor? {
    var failure: Diagnostic?
    let number: Int32? = spillFile.withLock { file in
      do throws(Diagnostic) { return try file?.readOnlyDescriptor().release() } catch {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    return number.map { Descriptor(owning: $0) }
  }

  private func discardSurplus() {
    // The ranges are free and count as absent, but a new block may be put there and populated the moment the lock is gone, and a late
    // discard would wipe it: so this one call to the kernel stays under the lock.
    state.withLock { state in
      for range in state.table.takeDiscardable(keepBytes: limitBytes / Self.residentFreeShare) { try? arena.discard(range) }
      if spill != nil {
        let disk = state.table.takeDiscardableDisk()
        if !disk.isEmpty { spillFile.withLock { file in for range in disk { try? file?.discard(range) } } }
      }
      publish(state.table)
    }
  }

  private func publish(_ table: BlockTable) {
    let header = arena.header
    header.set(.used, table.quota.usedBytes)
    header.set(.pinned, table.quota.pinnedBytes)
    header.set(.cached, table.quota.cachedBytes)
    header.set(.blocks, table.quota.blockCount + table.quota.spilledBlockCount)
    header.set(.spilled, table.quota.spilledBytes)
    header.set(.highWater, table.quota.highWaterBytes)
    header.set(.resident, table.residentBytes)
  }
}
