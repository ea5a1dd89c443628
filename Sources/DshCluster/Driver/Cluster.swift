// The cluster as the shell process sees it: the loop around the driver's state, with the processes, connections and stores that it acts on.
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem

/// A head and its node processes. Used by one thread; nothing here waits unless it says so.
///
/// ```
/// let cluster = try Cluster(ClusterOptions(nodes: 2))       // the head's store
/// try cluster.start()                                       // spawns the nodes and returns at once
/// cluster.cancellation = interrupt.number                   // ends whatever is being waited for
/// try cluster.run(TaskSet(tasks, window: 4)) { result throws(Diagnostic) in
///   … pull what is wanted …; return .enough                 // results come in order; .enough cancels the rest
/// } progress: { paint($0) }
///
/// let context = cluster.headContext()                       // pull blocks into the head's store, counted
/// let block = try context.bytes(of: result.blocks[0])
/// let own = try context.createBlock(byteCount: …); try context.copy(0..<n, of: block, into: own.bytes); context.seal(own, rows: n)
/// context.tally.moved                                       // [(from, bytes)] for the receipt
///
/// cluster.settle(result.blocks, as: .cached | .pinned | .freed)  // every block of a result must be settled once; .cached also unpins
/// let missing = try cluster.acquire(blocks, deadline: .ofBlocks) // protects cached blocks before tasks read them; then cluster.release(blocks)
/// cluster.nodes(), .blocks(), .transfers()                  // live tables
/// cluster.startNodes(1), .killNode("node2"), .drainNode("node2")
/// cluster.pollNumbers, .handlePendingEvents(), .takeEvents() // at the prompt: nodes that died, blocks that were evicted
/// cluster.close()                                           // no process is left afterwards
/// ```
/// What happens is decided by `DriverState`. Tasks run in a `TaskBody`; `runNode(arguments, body:)` is the main function of a node.
public final class Cluster {
  public let options: ClusterOptions
  public let headStore: ObjectStore
  public let peers: PeerArenas
  var state: DriverState
  var handles: [NodeIndex: NodeHandle] = [:]
  let addresses = AddressBook()
  var transferHistory = TransferHistory()
  /// Gets readable when whatever is being waited for shall be given up; it is not read.
  public var cancellation: Int32?
  /// Called as soon as `takeEvents` has something, while anything is waited for.
  public var onEvents: (() -> Void)?
  let headArena: Connection.OutgoingDescriptor
  private var isClosed = false

  /// Makes the head's store; no process is started.
  ///
  /// - Throws: `store-too-large`, `out-of-memory`, `file-too-large` if the stores can't be had.
  public init(_ options: ClusterOptions) throws(Diagnostic) {
    try options.allowance.check(storeBytes: options.storeBytes, nodes: options.nodes)
    self.options = options
    headStore = try ObjectStore(node: 0, epoch: 0, limitBytes: options.headStoreBytes)
    peers = PeerArenas(own: headStore)
    headArena = Connection.OutgoingDescriptor(try headStore.arena.readOnlyDescriptor())
    state = DriverState(
      isDeterministic: options.isDeterministic, chaosSeed: options.chaosSeed,
      spillingStoreBytes: options.spill == nil ? nil : options.storeBytes)
  }

  deinit { close() }

  /// Ends all nodes. Does nothing the second time.
  ///
  /// - Parameter waits: whether to wait until they are gone. Giving back the memory of large stores takes a node a tenth of a second or
  ///   so; a shell that ends itself need not wait for that, because nothing can stop a node from ending any more.
  public func close(waits: Bool = true) {
    if isClosed { return }
    isClosed = true
    // A node has nothing to save: its memory goes with it, so the quickest end is the best.
    for handle in handles.values { handle.process.kill() }
    if waits { for handle in handles.values { _ = handle.process.collect(wait: true) } }
    handles = [:]
  }

  /// Nodes that ended by themselves, in order, as `node1 (process 4711)`.
  public var deaths: [String] { state.deaths.told }

  /// What happened since the last time, in order; to be told once.
  public func takeEvents() -> [ClusterEvent] { state.takeEvents() }

  // MARK: Blocks

  /// A context for work of the head itself: making blocks in its store and pulling from others.
  public func headContext() -> TaskContext {
    state.misfortune(now: monotonicNanoseconds())
    perform()
    return TaskContext(
      node: 0, task: state.takeTaskNumber(), seed: options.seed, isDeterministic: options.isDeterministic, store: headStore,
      peers: peers, addresses: addresses, cancelFlag: CancelFlag())
  }

  /// Says what becomes of blocks. Blocks that are gone are passed over; blocks of the head's store are settled at once.
  public func settle(_ blocks: [BlockRef], as retention: BlockState.Retention) {
    headStore.settle(own(blocks), as: retention)
    state.settle(others(blocks), as: retention)
    perform()
  }

  /// Protects blocks from eviction until they are released as often. Waits for the nodes' answers, but not for those of silent nodes.
  ///
  /// - Parameter deadline: a node that has not answered by then counts as not having the blocks, and what it grants later is released. An answer
  ///   takes a message today; it will take what bringing a block back from disk takes.
  /// - Returns: the blocks that are not there any more or can't be had; they are not held.
  /// - Throws: `cancelled`; then nothing is held.
  public func acquire(_ blocks: [BlockRef], deadline: Deadline) throws(Diagnostic) -> [BlockID] {
    let now = monotonicNanoseconds()
    state.misfortune(at: blocks.first?.node, now: now)
    var missing = try finish(state.acquire(others(blocks), deadline: deadline, now: now))
    missing.formUnion(headStore.hold(own(blocks)))
    return blocks.map(\.id).filter { missing.contains($0) }
  }

  /// Ends a protection by `acquire`. Pass only blocks that `acquire` didn't miss.
  public func release(_ blocks: [BlockRef]) {
    headStore.release(own(blocks))
    state.release(others(blocks))
    perform()
  }

  /// Lets blocks go to disk when memory is wanted for others.
  public func allowSpilling(_ blocks: [BlockRef]) { state.directory.allowSpilling(blocks.map(\.id)) }

  /// Whether a block lies on disk.
  public func isOnDisk(_ block: BlockRef) -> Bool { state.directory.isOnDisk(block) }

  /// Puts blocks on disk now, and waits for that.
  ///
  /// - Throws: why that can't be done; `cancelled`.
  public func moveToDisk(_ blocks: [BlockRef]) throws(Diagnostic) {
    guard options.spill != nil else { throw Diagnostic(.notAvailable, "nothing is put on disk, as --spill-limit says") }
    state.spillFailure = nil
    state.moveToDisk(blocks)
    perform()
    while state.spilling.isWriting { try waitOrCancel() }
    if let failure = state.spillFailure { throw failure }
  }

  /// Waits until the nodes have acted on all they were told, so that the counters in their arenas are those of now. Silent nodes are not waited
  /// for.
  public func awaitSettled() throws(Diagnostic) { _ = try finish(state.acquireNothing(now: monotonicNanoseconds())) }

  /// Waits until an acquisition is over; the blocks that are missing.
  private func finish(_ acquisition: Acquisitions.ID) throws(Diagnostic) -> Set<BlockID> {
    perform()
    while !state.acquisitions.isComplete(acquisition) {
      do throws(Diagnostic) { try waitOrCancel() } catch {
        state.cancel(acquisition)
        perform()
        throw error
      }
    }
    return state.acquisitions.finish(acquisition)
  }

  private func own(_ blocks: [BlockRef]) -> [BlockID] { blocks.filter { $0.node == 0 }.map(\.id) }

  private func others(_ blocks: [BlockRef]) -> [BlockRef] { blocks.filter { $0.node != 0 } }
}
