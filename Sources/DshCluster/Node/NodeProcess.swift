// The life of a node process: its main thread listens to the head, its task threads work.
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem
import Synchronization

/// The number of the node's end of the control socket, agreed on by head and node.
let nodeSocketNumber: Int32 = 3

/// Runs this process as a node until the head shuts it down or ends. Call it before anything else: it expects nothing but the socket.
///
/// - Parameter arguments: what stands behind `dsh node`: the process number of the head.
public func runNode(_ arguments: [String], body: any TaskBody) -> Never {
  Signal.interrupt.ignore()
  Signal.quit.ignore()
  Signal.hangup.ignore()
  Signal.stop.ignore()
  Signal.brokenPipe.ignore()
  guard let head = arguments.first.flatMap({ Int32($0) }), endWithParent(head) else {
    try? writeAll(Array("dsh node is what dsh starts by itself; nodes are added with: dsh --nodes N, or nodes add\n".utf8), to: 2)
    exitAtOnce(NodeExit.noHead)
  }
  let socket = Descriptor(owning: nodeSocketNumber)
  let answer: AnswerSocket
  do throws(Diagnostic) { answer = AnswerSocket(try socket.duplicated()) } catch {
    endNode(because: error)
  }
  var connection = Connection(socket)
  var node: Node?
  // End of file means the head is gone: nothing is left to do, and nobody is left to tell.
  while !connection.isClosed {
    connection.receive(wait: true)
    do {
      while let bytes = try connection.next() {
        switch try HeadMessage(decoding: bytes) {
        case .configure(let configuration):
          keepFreedMemory(besideStoreOf: configuration.storeBytes)
          node = try Node(configuration, body: body, answer: answer)
        case .peerArena(let peer, let epoch):
          guard let descriptor = try connection.takeDescriptor() else { exitAtOnce(NodeExit.badMessage) }
          try node?.peers.announce(peer, epoch: epoch, descriptor: descriptor)
        case .peerSpillFile(let peer, let epoch):
          guard let descriptor = try connection.takeDescriptor() else { exitAtOnce(NodeExit.badMessage) }
          node?.peers.announceSpillFile(peer, epoch: epoch, descriptor: descriptor)
        case .shutdown: exitAtOnce(0)
        case let message: node?.handle(message)
        }
      }
    } catch let error as Diagnostic {
      // An arena or a thread could not be had: say so before going, the head shows it.
      answer.send(.taskFailed(task: 0, error, evicted: []))
      exitAtOnce(NodeExit.noResources)
    } catch {
      exitAtOnce(NodeExit.badMessage)
    }
  }
  if let failure = connection.failure { endNode(because: failure) }
  exitAtOnce(0)
}

/// Ends a node that can't go on. The head reads the error output of a node that has ended.
private func endNode(because error: Diagnostic) -> Never {
  try? writeAll(Array((([error.message] + error.notes).joined(separator: "; ") + "\n").utf8), to: 2)
  exitAtOnce(NodeExit.noResources)
}

/// Why a node ended by itself.
enum NodeExit {
  static let noHead: Int32 = 70
  static let badMessage: Int32 = 71
  static let noResources: Int32 = 72
}

/// The sending side of a node's control socket, shared by its threads. Sending waits: the head always reads.
final class AnswerSocket: Sendable {
  private let socket: Mutex<StreamSocket>

  init(_ descriptor: consuming Descriptor) { socket = Mutex(StreamSocket(descriptor)) }

  func send(_ message: NodeMessage, descriptor: borrowing Descriptor) { send(frame(message.encoded()), passing: descriptor.number) }

  func send(_ message: NodeMessage) { send(frame(message.encoded()), passing: nil) }

  private func send(_ bytes: [UInt8], passing number: Int32?) {
    socket.withLock { socket in
      var sent = 0
      while sent < bytes.count {
        let result = bytes.withUnsafeBytes {
          socket.send(UnsafeRawBufferPointer(rebasing: $0[sent...]), descriptor: sent == 0 ? number : nil, wait: true)
        }
        switch result {
        case .sent(let count): sent += count
        case .wouldBlock: break
        case .closed: exitAtOnce(0)
        case .failed(let error): endNode(because: error)
        }
      }
    }
  }
}

/// A configured node: its store, the arenas of its peers, and its task threads.
final class Node: Sendable {
  let peers: PeerArenas
  private let configuration: NodeConfiguration
  private let store: ObjectStore
  private let body: any TaskBody
  private let answer: AnswerSocket
  private let queue = WaitingQueue<QueuedTask>()
  /// Flags of the tasks that are queued or running.
  private let flags = Mutex<[UInt64: CancelFlag]>([:])
  private let room: RoomRequests
  /// Blocks to be written to disk. A thread of its own writes them, so that the node answers meanwhile.
  private let spilling = WaitingQueue<[BlockID]>()
  private let spillThread = Mutex((isStarted: false, hasSentFile: false))

  private struct QueuedTask {
    let task: UInt64
    let payload: [UInt8]
    let blocks: ListedBlocks
    let flag: CancelFlag
  }

  init(_ configuration: NodeConfiguration, body: any TaskBody, answer: AnswerSocket) throws(Diagnostic) {
    setProcessName("dsh \(configuration.name)")
    self.configuration = configuration
    self.body = body
    self.answer = answer
    store = try ObjectStore(
      node: configuration.node, epoch: configuration.epoch, limitBytes: configuration.storeBytes, spill: configuration.spill)
    room = RoomRequests { answer.send($0) }
    peers = PeerArenas(own: store)
    for _ in 0..<configuration.slots {
      try startThread { [self] in
        while let task = queue.next() { run(task) }
      }
    }
    // Once everything is there: a node that can't start is not taken for one that a task has ended.
    answer.send(.ready(processID: ownProcessID()), descriptor: try store.arena.readOnlyDescriptor())
  }

  func handle(_ message: HeadMessage) {
    switch message {
    case .runTask(let task, let payload, let blocks):
      let flag = CancelFlag()
      flags.withLock { $0[task] = flag }
      queue.append(QueuedTask(task: task, payload: payload, blocks: ListedBlocks(blocks), flag: flag))
    case .cancel(let tasks):
      flags.withLock { flags in
        for task in tasks { flags[task]?.raise() }
      }
      room.storeChanged()
    case .peerGone(let peer): peers.forget(peer)
    case .acquire(let request, let ids):
      answer.send(.acquired(request: request, missing: store.hold(ids)))
    case .settle(let settlement):
      store.settle(settlement.cached, as: .cached)
      store.settle(settlement.pinned, as: .pinned)
      store.settle(settlement.freed, as: .freed)
      store.release(settlement.released)
      room.storeChanged()
    case .spill(let blocks): beginSpilling(blocks)
    case .vacate(let blocks):
      store.vacate(blocks)
      room.storeChanged()
    case .roomRefused(let task, let request): room.refuse(task, request)
    case .configure, .peerArena, .peerSpillFile, .shutdown: break
    }
  }

  private func beginSpilling(_ blocks: [BlockID]) {
    let isStarted = spillThread.withLock { state in
      defer { state.isStarted = true }
      return state.isStarted
    }
    spilling.append(blocks)
    if isStarted { return }
    do throws(Diagnostic) {
      try startThread { [self] in
        while let blocks = spilling.next() { spill(blocks) }
      }
    } catch {
      spillThread.withLock { $0.isStarted = false }
      _ = spilling.remove { _ in true }
      answer.send(.spilled([], failure: error, isFirst: false))
    }
  }

  /// Writes blocks to disk and says where they are; the first time with the file to read them in.
  private func spill(_ blocks: [BlockID]) {
    var (written, failure) = store.spill(blocks)
    if !spillThread.withLock({ $0.hasSentFile }) {
      do throws(Diagnostic) {
        if let own = try store.spillDescriptor(), let other = try store.spillDescriptor() {
          peers.announceSpillFile(configuration.node, epoch: configuration.epoch, descriptor: own)
          spillThread.withLock { $0.hasSentFile = true }
          return answer.send(.spilled(written, failure: failure, isFirst: true), descriptor: other)
        }
      } catch {
        // Nobody could read what was written.
        (written, failure) = ([], error)
      }
    }
    answer.send(.spilled(written, failure: failure, isFirst: false))
  }

  private func run(_ queued: QueuedTask) {
    let context = TaskContext(
      node: configuration.node, task: queued.task, seed: configuration.seed, isDeterministic: configuration.isDeterministic, store: store,
      peers: peers, addresses: queued.blocks, cancelFlag: queued.flag, guardsPrograms: true, room: room)
    let start = monotonicNanoseconds()
    do {
      try context.checkCancelled()
      let payload = try body.run(payload: queued.payload, context: context)
      try WireLimit.check(payload.count, of: "the answer of a task", notes: ["make its blocks smaller: read with --block-bytes=16M"])
      finish(queued.task)
      answer.send(
        .taskDone(
          TaskAnswer(
            task: queued.task, node: configuration.node, payload: payload, blocks: context.madeBlocks, moved: context.tally.moved,
            mapped: context.tally.mapped,
            evicted: store.takeEvicted(), nanoseconds: monotonicNanoseconds() - start)))
    } catch {
      context.discardBlocks()
      finish(queued.task)
      let diagnostic = error as? Diagnostic ?? Diagnostic(.taskError, "a task failed in an unforeseen way: \(error)")
      answer.send(.taskFailed(task: queued.task, diagnostic, evicted: store.takeEvicted()))
    }
  }

  private func finish(_ task: UInt64) {
    flags.withLock { $0[task] = nil }
    // What it held is free again.
    room.storeChanged()
  }
}
