// Reading other stores: in place, or copied into the own store. The only place that copies bytes between stores, and so the only that counts them.
import DshColumns
import DshDiagnostics
import DshSystem
import Synchronization

/// The bytes of a sealed block where they are; keeps the memory mapped for as long as it is kept.
///
/// `@safe`: having it touches no byte, and `bytes` says itself that it is unsafe.
@safe public struct BlockBytes: @unchecked Sendable {
  // `@unchecked Sendable`: sealed bytes never change, and `owner` keeps them mapped.
  public let location: BlockLocation
  public let owner: Mapping
  public let bytes: UnsafeRawBufferPointer
  /// Whether this process had read all of it on disk before.
  public var wasChecked = false

  public var isOnDisk: Bool { if case .disk = location.place { true } else { false } }

  var byteCount: Int { location.block.byteCount }
}

/// How many bytes came from one node's store.
public struct MovedBytes: Sendable, Hashable {
  public let from: NodeIndex
  public let byteCount: Int

  public init(from: NodeIndex, byteCount: Int) {
    self.from = from
    self.byteCount = byteCount
  }
}

/// What one task, or one statement at the head, copied and read in place.
public final class MovementTally: Sendable {
  private let counts = Mutex((moved: [Int](repeating: 0, count: nodeLimit), mapped: [Int](repeating: 0, count: nodeLimit)))

  public init() {}

  fileprivate func addMoved(_ byteCount: Int, from node: NodeIndex) { counts.withLock { $0.moved[node] += byteCount } }
  fileprivate func addMapped(_ byteCount: Int, from node: NodeIndex) { counts.withLock { $0.mapped[node] += byteCount } }

  /// Copied out of other stores, by node, in order of their indexes; nodes without any are left out.
  public var moved: [MovedBytes] { Self.list(counts.withLock { $0.moved }) }

  /// Read in place in other stores.
  public var mapped: [MovedBytes] { Self.list(counts.withLock { $0.mapped }) }

  private static func list(_ counts: [Int]) -> [MovedBytes] {
    counts.enumerated().filter { $0.element > 0 }.map { MovedBytes(from: $0.offset, byteCount: $0.element) }
  }
}

/// The arenas of all other processes, and the copy routine.
public final class PeerArenas: Sendable {
  private let own: ObjectStore
  private let peers = Mutex<[NodeIndex: PeerArena]>([:])
  private let spillFiles = Mutex<[NodeIndex: PeerSpillFile]>([:])
  /// Blocks on disk that this process has found to be what was written, so that those which are read again and again are not checked as often.
  private let checked = Mutex<Set<BlockRef>>([])

  /// More are forgotten, all at once.
  private static let checkedLimit = 1 << 16

  /// The spill file of a peer, for reading.
  private final class PeerSpillFile: Sendable {
    let epoch: Int
    let descriptor: Descriptor

    init(epoch: Int, descriptor: consuming Descriptor) {
      self.epoch = epoch
      self.descriptor = descriptor
    }
  }

  public init(own: ObjectStore) { self.own = own }

  /// Maps the arena of a peer; it replaces an earlier one of the same node.
  ///
  /// - Throws: `bad-arena` if the descriptor isn't that arena's; what mapping throws.
  public func announce(_ node: NodeIndex, epoch: Int, descriptor: borrowing Descriptor) throws(Diagnostic) {
    precondition(0..<nodeLimit ~= node, "a node index below \(nodeLimit), got \(node)")
    let arena = try PeerArena(descriptor, node: node, epoch: epoch)
    let replaced = peers.withLock { $0.updateValue(arena, forKey: node) }
    // Unmapping an earlier arena takes a while and must not happen under the lock; tasks that still read it keep it mapped.
    withExtendedLifetime(replaced) {}
  }

  /// Gets the spill file of a peer, or the own one; it replaces an earlier one of the same node.
  public func announceSpillFile(_ node: NodeIndex, epoch: Int, descriptor: consuming Descriptor) {
    let file = PeerSpillFile(epoch: epoch, descriptor: descriptor)
    let replaced = spillFiles.withLock { $0.updateValue(file, forKey: node) }
    withExtendedLifetime(replaced) {}
  }

  /// Forgets the arena and the spill file of a peer that has ended; they stay mapped while somebody reads them.
  public func forget(_ node: NodeIndex) {
    let removed = peers.withLock { $0.removeValue(forKey: node) }
    let file = spillFiles.withLock { $0.removeValue(forKey: node) }
    withExtendedLifetime((removed, file)) {}
  }

  /// The header of a node's arena, the own one included; nil if it isn't known.
  public func header(of node: NodeIndex) -> ArenaHeader? {
    node == own.node ? own.arena.header : peers.withLock { $0[node]?.header }
  }

  /// The memory of a peer's store; nil if it isn't known.
  public func arena(of node: NodeIndex) -> PeerArena? { peers.withLock { $0[node] } }

  /// Finds the bytes of a sealed block, in the own store or a peer's, in memory or on disk; nothing is counted yet.
  ///
  /// - Parameter isWhole: whether all of the block is about to be read. Of one on disk the header alone is checked otherwise: what is read besides goes
  ///   through a `PartialRead`.
  /// - Throws: `block-lost` if the process that made it has ended; `bad-block` if it was not read from disk as it was written.
  public func bytes(of location: BlockLocation, isWhole: Bool = true) throws(Diagnostic) -> BlockBytes {
    switch location.place {
    case .memory(let offset): try bytes(of: location, inArenaAt: offset)
    case .disk(let offset): try bytes(of: location, onDiskAt: offset, isWhole: isWhole)
    }
  }

  private func bytes(of location: BlockLocation, inArenaAt offset: Int) throws(Diagnostic) -> BlockBytes {
    let mapping: Mapping
    if location.block.node == own.node && location.block.epoch == own.epoch {
      mapping = own.arena.mapping
    } else {
      guard let peer = peers.withLock({ $0[location.block.node] }), peer.header.epoch == location.block.epoch else {
        throw Self.lost(location.block)
      }
      mapping = peer.mapping
    }
    // The location may have crossed the wire: both numbers are checked against the mapping before any address is made of them.
    guard offset >= ArenaHeader.byteCount, location.block.byteCount >= 0, offset <= mapping.byteCount,
      location.block.byteCount <= mapping.byteCount - offset
    else {
      throw Diagnostic(.badBlockLocation, "a block lies outside its arena: \(location)")
    }
    return unsafe BlockBytes(
      location: location, owner: mapping,
      bytes: UnsafeRawBufferPointer(start: mapping.address + offset, count: location.block.byteCount))
  }

  /// Maps a block on disk for as long as somebody reads it.
  private func bytes(of location: BlockLocation, onDiskAt offset: Int, isWhole: Bool) throws(Diagnostic) -> BlockBytes {
    guard let file = spillFiles.withLock({ $0[location.block.node] }), file.epoch == location.block.epoch else {
      throw Self.lost(location.block)
    }
    let byteCount = location.block.byteCount
    // As above: the file must hold what is mapped of it.
    let fileBytes = try file.descriptor.sizeBytes()
    guard 0...fileBytes ~= offset, 1...max(1, fileBytes) ~= byteCount, SpillFile.spaceNeeded(byteCount) <= fileBytes - offset else {
      throw Diagnostic(.badBlockLocation, "a block lies outside its spill file: \(location)")
    }
    let end = offset + SpillFile.spaceNeeded(byteCount)
    let start = offset / Mapping.pageBytes * Mapping.pageBytes
    let mapping = try Mapping(file.descriptor, at: start, byteCount: end - start, writable: false)
    if !isWhole { mapping.expectsFewReads() }
    // In bounds: the mapping reaches from `start` to the end of the block's checksums.
    let whole = unsafe UnsafeRawBufferPointer(rebasing: mapping.bytes[(offset - start)...])
    let isKnown = checked.withLock { $0.contains(location.block) }
    let block = unsafe BlockBytes(
      location: location, owner: mapping, bytes: UnsafeRawBufferPointer(rebasing: whole[..<byteCount]), wasChecked: isKnown)
    if isKnown { return block }
    guard isWhole else {
      // How long the header is stands at its beginning.
      try block.check(chunks: 0..<1)
      try block.check(chunks: 0..<SpilledChecksums.count(min(byteCount, unsafe BlockFormat.headerByteCount(of: block.bytes))))
      return block
    }
    try block.check(chunks: 0..<SpilledChecksums.count(byteCount))
    checked.withLock { checked in
      if checked.count == Self.checkedLimit { checked = [] }
      checked.insert(location.block)
    }
    return block
  }

  /// What reading a block is answered with when the process that made it has ended.
  public static func lost(_ block: BlockRef) -> Diagnostic {
    Diagnostic(.blockLost, "a block is lost with the node that held it: block \(block.id) of node \(block.node)")
  }

  /// Says that `byteCount` bytes of a block are read where they are. Blocks of the own store don't count.
  public func countReadInPlace(_ byteCount: Int, of block: BlockBytes, tally: MovementTally) {
    if block.location.block.node == own.node { return }
    own.arena.header.addMapped(byteCount, from: block.location.block.node)
    tally.addMapped(byteCount, from: block.location.block.node)
  }

  /// Copies a range of a block to memory of the own store and counts it, unless the block is in the own store already.
  ///
  /// - Parameter range: counts from the start of the block.
  /// - Throws: `bad-block-range` if the range isn't inside the block or doesn't fit the destination; nothing is copied then.
  public func copy(
    _ range: Range<Int>, of block: BlockBytes, into destination: UnsafeMutableRawBufferPointer, tally: MovementTally
  ) throws(Diagnostic) {
    guard range.lowerBound >= 0, range.upperBound <= block.byteCount, range.count <= destination.count else {
      throw Diagnostic(.badBlockRange, "a copied range is outside its block: \(range) of \(block.byteCount) bytes")
    }
    try unsafe copy(UnsafeRawBufferPointer(rebasing: block.bytes[range]), madeFrom: block, into: destination, tally: tally)
  }

  /// Copies bytes that lie in a block, or were laid out anew from its content, to memory of the own store and counts them as moved out of
  /// the block's store, unless that is the own one.
  ///
  /// - Throws: `bad-block-range` if they don't fit the destination; nothing is copied then.
  public func copy(
    _ bytes: UnsafeRawBufferPointer, madeFrom block: BlockBytes, into destination: UnsafeMutableRawBufferPointer, tally: MovementTally
  ) throws(Diagnostic) {
    guard bytes.count <= destination.count else {
      throw Diagnostic(.badBlockRange, "copied bytes don't fit their place: \(bytes.count) into \(destination.count)")
    }
    guard bytes.count > 0, let source = bytes.baseAddress, let target = destination.baseAddress else { return }
    // Within both: the count is that of the source, and the destination was found to hold as many.
    unsafe target.copyMemory(from: source, byteCount: bytes.count)
    if block.location.block.node == own.node { return }
    own.arena.header.addMoved(bytes.count, from: block.location.block.node)
    tally.addMoved(bytes.count, from: block.location.block.node)
  }
}
