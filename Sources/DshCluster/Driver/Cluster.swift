// The cluster as the shell process sees it: starts nodes, runs jobs on them, notices their ends, and knows where every block is.
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
/// let job = try cluster.run(TaskSet(tasks, window: 4)) { result throws(Diagnostic) in
///   … pull what is wanted …; return .enough                 // results come in order; .enough cancels the rest
/// } progress: { paint($0) }
/// let job = try cluster.run(TaskSet(tasks))                 // without a receiver: job.results, in order
///
/// let context = cluster.headContext()                       // pull blocks into the head's store, counted
/// let block = try context.bytes(of: result.blocks[0])
/// let own = try context.createBlock(byteCount: …); try context.copy(0..<n, of: block, into: own.bytes); context.seal(own, rows: n)
/// context.tally.moved                                       // [(from, bytes)] for the receipt
///
/// cluster.settle(result.blocks, as: .cached | .pinned | .freed)  // every block of a result must be settled once; .cached also unpins
/// let missing = cluster.hold(blocks)                        // protects cached blocks before tasks read them; then cluster.release(blocks)
/// cluster.nodes(), .blocks(), .transfers()                  // live tables
/// cluster.addNodes(1), .killNode("node2"), .drainNode("node2")
/// cluster.pollNumbers, .handlePendingEvents(), .takeEvents() // at the prompt: nodes that died, blocks that were evicted
/// cluster.close()                                           // no process is left afterwards
/// ```
/// Tasks run in a `TaskBody`; `runNode(arguments, body:)` is the main function of a node.
public final class Cluster {
  public let options: ClusterOptions
  public let headStore: ObjectStore
  public let peers: PeerArenas
  var handles: [NodeIndex: NodeHandle] = [:]
  var scheduler: Scheduler
  let directory = BlockDirectory()
  var transferHistory = TransferHistory()
  var supervision = Supervision()
  var liveness = Liveness()
  var chaos: ChaosPlan?
  /// Gets readable when whatever is being waited for shall be given up; it is not read.
  public var cancellation: Int32?
  private let headArena: Connection.OutgoingDescriptor
  /// Answers of tasks that the scheduler hasn't decided about yet.
  var reports: [UInt64: TaskAnswer] = [:]
  var failures: [UInt64: Diagnostic] = [:]
  /// Decisions that have not been carried out yet.
  var pendingActions: [Scheduler.Action] = []
  /// Tasks that were cancelled and have not answered, with the moment when patience ends.
  var abandoned: [UInt64: (node: NodeIndex, deadline: Int64)] = [:]
  /// Tasks that read blocks and have not answered since the last statement.
  var movingTasks: Set<UInt64> = []
  /// Nodes that ended by themselves, in order, as `node1 (process 4711)`.
  public internal(set) var deaths: [String] = []
  /// Settlements that wait for cancelled tasks.
  private var deferred: [(node: NodeIndex, epoch: Int, settlement: Settlement)] = []
  /// Why the latest node that ended did so.
  var latestEnd: Diagnostic?
  /// Why a node could not be started, the latest.
  var startFailure: Diagnostic?
  private var events: [ClusterEvent] = []
  private var latestEpochs: [NodeIndex: Int] = [:]
  private var nextRequest: UInt64 = 1
  private var heldAnswers: [UInt64: [BlockID]] = [:]
  /// Requests to hold blocks whose answers nobody waits for any more: what they hold is released when they come.
  private var forgottenRequests: [UInt64: [BlockID]] = [:]
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
    scheduler = Scheduler(isDeterministic: options.isDeterministic)
    chaos = options.chaosSeed.map { ChaosPlan(seed: $0) }
  }

  deinit { close() }

  /// Starts all nodes without waiting for them. They end with the calling thread, so call it from the main thread.
  public func start() throws(Diagnostic) {
    for index in 1...options.nodes { try startNode(index, epoch: 0) }
  }

  /// Each process of a node has its own epoch, so that a block of an earlier one is never taken for a block of a later one.
  func nextEpoch(of index: NodeIndex) -> Int { (latestEpochs[index] ?? -1) + 1 }

  func startNode(_ index: NodeIndex, epoch: Int) throws(Diagnostic) {
    latestEpochs[index] = epoch
    let handle = try NodeHandle(index: index, epoch: epoch, options: options)
    handles[index] = handle
    liveness.nodeStarted(index, now: monotonicNanoseconds())
    scheduler.nodeStarting(index, slots: handle.slots)
    handle.send(.peerArena(0, epoch: 0), descriptor: headArena)
    for peer in handles.values where peer !== handle {
      if let arena = peer.arena { handle.send(.peerArena(peer.index, epoch: peer.epoch), descriptor: arena) }
    }
  }

  /// A context for work of the head itself: making blocks in its store and pulling from others.
  public func headContext() -> TaskContext {
    chaosStep()
    return TaskContext(
      node: 0, task: scheduler.takeTaskNumber(), seed: options.seed, isDeterministic: options.isDeterministic, store: headStore,
      peers: peers, addresses: directory, cancelFlag: CancelFlag())
  }

  // MARK: Blocks

  /// Says what becomes of blocks. Blocks that are gone are passed over; blocks of the head's store are settled at once.
  public func settle(_ blocks: [BlockRef], as retention: BlockState.Retention) {
    for (node, ids) in known(blocks) {
      if node == 0 {
        headStore.settle(ids, as: retention)
        continue
      }
      var settlement = Settlement()
      switch retention {
      case .cached: settlement.cached = ids
      case .pinned: settlement.pinned = ids
      case .freed: settlement.freed = ids
      }
      for id in ids { directory.settle(id, as: retention) }
      send(settlement, to: node)
      finishDraining()
    }
  }

  /// Sends a settlement, but not while a cancelled task may still be reading: whatever loosens the protection of blocks waits until all
  /// cancelled tasks have answered.
  private func send(_ settlement: Settlement, to node: NodeIndex) {
    guard let handle = handles[node] else { return }
    if abandoned.isEmpty || settlement.onlyPins {
      handle.send(.settle(settlement))
    } else {
      deferred.append((node, handle.epoch, settlement))
    }
  }

  /// A cancelled task has answered, or its node has ended: nobody waits for it any more.
  func forgetAbandoned(where condition: (UInt64, NodeIndex) -> Bool) {
    abandoned = abandoned.filter { !condition($0.key, $0.value.node) }
    guard abandoned.isEmpty, !deferred.isEmpty else { return }
    for (node, epoch, settlement) in deferred {
      if let handle = handles[node], handle.epoch == epoch { handle.send(.settle(settlement)) }
    }
    deferred = []
  }

  /// Protects blocks from eviction until they are released as often. Waits for the nodes' answers, but not for those of silent nodes.
  ///
  /// - Returns: the blocks that are not there any more or can't be had; they are not held.
  /// - Throws: `cancelled`; then nothing is held.
  public func hold(_ blocks: [BlockRef]) throws(Diagnostic) -> [BlockID] {
    chaosStep(at: blocks.first?.node)
    var missing = blocks.filter { $0.node != 0 && !directory.contains($0) }.map(\.id)
    var requests: [(request: UInt64, handle: NodeHandle, ids: [BlockID])] = []
    for (node, ids) in known(blocks) {
      guard node != 0, let handle = handles[node] else {
        missing += node == 0 ? headStore.hold(ids) : ids
        continue
      }
      requests.append((request(ids, of: handle), handle, ids))
    }
    var held: [BlockID] = []
    for (position, (request, handle, ids)) in requests.enumerated() {
      do throws(Diagnostic) {
        let absent = try answer(to: request, of: handle, ids)
        missing += absent
        held += ids.filter { !absent.contains($0) }
      } catch {
        for later in requests[position...] { forgottenRequests[later.request] = later.ids }
        release(blocks.filter { held.contains($0.id) })
        throw error
      }
    }
    return missing
  }

  /// Asks a node for the protection of blocks; with none, just for an answer. A node answers in order, so the answer also says that everything
  /// sent before is done.
  private func request(_ ids: [BlockID], of handle: NodeHandle) -> UInt64 {
    defer { nextRequest += 1 }
    handle.send(.hold(request: nextRequest, ids))
    liveness.asked(handle.index, now: monotonicNanoseconds())
    return nextRequest
  }

  /// The blocks that a node does not have; all of them if it is gone or silent.
  private func answer(to request: UInt64, of handle: NodeHandle, _ ids: [BlockID]) throws(Diagnostic) -> [BlockID] {
    while handles[handle.index] === handle {
      if let missing = heldAnswers.removeValue(forKey: request) { return missing }
      if liveness.silent.contains(handle.index) {
        forgottenRequests[request] = ids
        return ids
      }
      try waitOrCancel()
    }
    return ids
  }

  func ask(_ node: NodeIndex) {
    if let handle = handles[node] { forgottenRequests[request([], of: handle)] = [] }
  }

  func held(_ request: UInt64, missing: [BlockID], by handle: NodeHandle) {
    guard let ids = forgottenRequests.removeValue(forKey: request) else {
      heldAnswers[request] = missing
      return
    }
    let released = ids.filter { !missing.contains($0) }
    if !released.isEmpty { handle.send(.settle(Settlement(released: released))) }
  }

  /// Ends a protection by `hold`. Pass only blocks that `hold` didn't miss.
  public func release(_ blocks: [BlockRef]) {
    for (node, ids) in known(blocks) {
      if node == 0 { headStore.release(ids) } else { send(Settlement(released: ids), to: node) }
    }
  }

  /// Waits until the nodes have acted on all they were told, so that the counters in their arenas are those of now. Silent nodes are not waited
  /// for.
  public func awaitSettled() throws(Diagnostic) {
    let requests = handles.values.filter(\.isReady).map { (request: request([], of: $0), handle: $0) }
    for (position, (request, handle)) in requests.enumerated() {
      do throws(Diagnostic) { _ = try answer(to: request, of: handle, []) } catch {
        for later in requests[position...] { forgottenRequests[later.request] = [] }
        throw error
      }
    }
  }

  /// The names of the blocks that still exist, by node.
  private func known(_ blocks: [BlockRef]) -> [(node: NodeIndex, ids: [BlockID])] {
    var byNode: [NodeIndex: [BlockID]] = [:]
    for block in blocks where block.node == 0 || directory.contains(block) {
      byNode[block.node, default: []].append(block.id)
    }
    return byNode.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  // MARK: Events

  /// What to wait for at the prompt; when one is readable, call `handlePendingEvents`.
  public var pollNumbers: [Int32] {
    handles.values.sorted { $0.index < $1.index }.flatMap { [$0.connection.number, $0.process.pollNumber] }
  }

  /// Takes in whatever the nodes have said or done, without waiting.
  public func handlePendingEvents() {
    wait(milliseconds: 0)
    for action in takeActions() { perform(action) }
  }

  /// What happened since the last time, in order; to be told once.
  public func takeEvents() -> [ClusterEvent] {
    defer { events = [] }
    return events
  }

  func note(_ event: ClusterEvent) { events.append(event) }

  func noteEvicted(_ ids: [BlockID]) {
    if ids.isEmpty { return }
    directory.remove(ids)
    note(.blocksEvicted(ids))
    finishDraining()
  }

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
}
