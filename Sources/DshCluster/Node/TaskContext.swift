// What a running task may do: make blocks in its own store, read and pull blocks of others, ask whether it is still wanted.
import DshColumns
import DshDiagnostics
import DshStore
import Synchronization

/// Raised once when a task should stop.
final class CancelFlag: Sendable {
  private let raised = Atomic<Bool>(false)
  var isRaised: Bool { raised.load(ordering: .relaxed) }
  func raise() { raised.store(true, ordering: .relaxed) }
}

/// The surroundings of one task on a node, or of one statement at the head.
public final class TaskContext: Sendable {
  public let node: NodeIndex
  public let task: UInt64
  public let seed: UInt64
  public let isDeterministic: Bool
  /// The store of this process.
  public let store: ObjectStore
  public let peers: PeerArenas
  /// What this task copied and read in place so far.
  public let tally = MovementTally()
  /// Whether this process can be started again as the guard of a program.
  let guardsPrograms: Bool
  private let addresses: any BlockAddresses
  private let cancelFlag: CancelFlag
  /// Nil where nobody makes room for a task that needs some.
  private let room: RoomRequests?
  private let blocks = Mutex(Blocks())

  private struct Blocks {
    var nextOrdinal = 0
    var open: Set<BlockID> = []
    var sealed: [BlockLocation] = []
  }

  init(
    node: NodeIndex, task: UInt64, seed: UInt64, isDeterministic: Bool, store: ObjectStore, peers: PeerArenas,
    addresses: any BlockAddresses, cancelFlag: CancelFlag, guardsPrograms: Bool = false, room: RoomRequests? = nil
  ) {
    self.node = node
    self.task = task
    self.seed = seed
    self.isDeterministic = isDeterministic
    self.store = store
    self.peers = peers
    self.addresses = addresses
    self.cancelFlag = cancelFlag
    self.guardsPrograms = guardsPrograms
    self.room = room
  }

  /// Waits for room in the store where it is full, if somebody can make some.
  func withRoom<Result>(_ byteCount: Int, _ attempt: () throws(Diagnostic) -> Result) throws(Diagnostic) -> Result {
    guard let room else { return try attempt() }
    return try room.withRoom(for: task, byteCount, in: store, checkCancelled, attempt)
  }

  /// Whether nobody wants the result any more. Cheap: ask once a batch.
  public var isCancelled: Bool { cancelFlag.isRaised }

  /// What a task throws when it stops early.
  public static var cancellation: Diagnostic { Diagnostic(.cancelled, "cancelled") }

  public func checkCancelled() throws(Diagnostic) {
    if isCancelled { throw Self.cancellation }
  }

  /// Makes room for a block in the own store. Its name follows from the task and the order of creation, so create blocks in a fixed order.
  ///
  /// - Throws: `store-full`.
  public func createBlock(byteCount: Int) throws(Diagnostic) -> WritableBlock {
    try createBlock { id throws(Diagnostic) in
      try withRoom(byteCount) { () throws(Diagnostic) in try store.create(id, byteCount: byteCount) }
    }
  }

  /// Makes a block in the own store of runs of bytes that lie elsewhere.
  ///
  /// - Throws: `store-full`.
  public func createBlock(of runs: [UnsafeRawBufferPointer]) throws(Diagnostic) -> WritableBlock {
    let byteCount = runs.reduce(0) { $0 + $1.count }
    return try createBlock { id throws(Diagnostic) in
      try withRoom(byteCount) { () throws(Diagnostic) in try store.create(id, of: runs) }
    }
  }

  private func createBlock(_ create: (BlockID) throws(Diagnostic) -> WritableBlock) throws(Diagnostic) -> WritableBlock {
    let ordinal = blocks.withLock { blocks in
      defer { blocks.nextOrdinal += 1 }
      return blocks.nextOrdinal
    }
    guard ordinal < BlockID.ordinalLimit else {
      throw Diagnostic(
        .tooManyBlocks, "one task makes more than \(BlockID.ordinalLimit) blocks", notes: ["make fewer partitions"])
    }
    let id = BlockID(task: task, ordinal: ordinal)
    let block = try create(id)
    blocks.withLock { _ = $0.open.insert(id) }
    return block
  }

  /// Completes a block; with `byteCount`, cuts it to its first bytes before.
  @discardableResult
  public func seal(_ block: WritableBlock, byteCount: Int? = nil, rows: Int) -> BlockRef {
    if let byteCount, byteCount < block.bytes.count { store.shrink(block.id, to: byteCount) }
    let location = store.seal(block.id, rows: rows)
    blocks.withLock {
      $0.open.remove(block.id)
      $0.sealed.append(location)
    }
    return location.block
  }

  /// Gives up a block that isn't sealed.
  public func abort(_ block: WritableBlock) {
    blocks.withLock { _ = $0.open.remove(block.id) }
    store.abort(block.id)
  }

  /// The bytes of a block, wherever it is; nothing is copied or counted.
  ///
  /// - Parameter isWhole: whether all of it is about to be read, and not some rows.
  /// - Throws: `block-lost` if it is gone.
  public func bytes(of block: BlockRef, isWhole: Bool = true) throws(Diagnostic) -> BlockBytes {
    guard let location = addresses.location(of: block) ?? (block.node == node ? store.location(of: block.id) : nil), location.block == block
    else { throw PeerArenas.lost(block) }
    return try peers.bytes(of: location, isWhole: isWhole)
  }

  /// Copies a range of a block into memory of the own store and counts it as moved, unless it is an own block.
  public func copy(_ range: Range<Int>, of block: BlockBytes, into destination: UnsafeMutableRawBufferPointer) throws(Diagnostic) {
    try peers.copy(range, of: block, into: destination, tally: tally)
  }

  /// Copies bytes of a block, or bytes laid out anew from its content, and counts them as moved, unless it is an own block.
  public func copy(
    _ bytes: UnsafeRawBufferPointer, madeFrom block: BlockBytes, into destination: UnsafeMutableRawBufferPointer
  ) throws(Diagnostic) {
    try peers.copy(bytes, madeFrom: block, into: destination, tally: tally)
  }

  /// Says that `byteCount` bytes of a block are read where they are.
  public func countReadInPlace(_ byteCount: Int, of block: BlockBytes) { peers.countReadInPlace(byteCount, of: block, tally: tally) }

  /// The blocks made so far, in the order of sealing.
  public var madeBlocks: [BlockLocation] { blocks.withLock { $0.sealed } }

  /// Frees everything the task made.
  public func discardBlocks() {
    let (open, sealed) = blocks.withLock { blocks in
      defer { (blocks.open, blocks.sealed) = ([], []) }
      return (blocks.open, blocks.sealed)
    }
    for id in open { store.abort(id) }
    store.settle(sealed.map(\.block.id), as: .freed)
  }
}
