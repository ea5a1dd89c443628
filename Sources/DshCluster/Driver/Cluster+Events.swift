// Taking in what nodes say and do: messages, and their ends.
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem

extension Cluster {
  /// Waits for the next event of any node, or of a caller's descriptor, and takes in all that has come. It also returns when a node has to be
  /// asked whether it is still there, so call it in a loop.
  ///
  /// - Parameter milliseconds: negative for any time; with 0 nothing is waited for, and nobody is asked.
  /// - Returns: whether `interruption` is readable.
  @discardableResult
  func wait(milliseconds: Int, interruption: Int32? = nil) -> Bool {
    let isInterrupted = waitForEvents(milliseconds: milliseconds == 0 ? 0 : boundedWait(milliseconds), interruption: interruption)
    if milliseconds != 0 { for action in liveness.look(now: monotonicNanoseconds()) { perform(action) } }
    chaosLook()
    return isInterrupted
  }

  /// Waits for something; throws when the caller's descriptor is readable.
  func waitOrCancel() throws(Diagnostic) {
    if wait(milliseconds: -1, interruption: cancellation) { throw TaskContext.cancellation }
  }

  private func boundedWait(_ milliseconds: Int) -> Int {
    guard let next = [liveness.nextLook, chaos?.nextLook].compactMap({ $0 }).min() else { return milliseconds }
    let limit = max(1, Int((next - monotonicNanoseconds()) / 1_000_000) + 1)
    return milliseconds < 0 ? limit : min(milliseconds, limit)
  }

  private func perform(_ action: Liveness.Action) {
    switch action {
    case .ask(let node): ask(node)
    case .silent(let node):
      note(.nodeSilent(name: nodeName(node)))
      scheduler.nodeSilent(node)
    case .answers(let node):
      note(.nodeAnswers(name: nodeName(node)))
      scheduler.nodeAnswers(node)
    case .lost(let node):
      guard let handle = handles[node] else { return }
      handle.process.kill()
      nodeEnded(handle)
    }
  }

  private func waitForEvents(milliseconds: Int, interruption: Int32?) -> Bool {
    let live = handles.values.sorted { $0.index < $1.index }
    var entries: [PollEntry] = []
    for handle in live {
      entries.append(PollEntry(handle.connection.number, waitsForWriting: handle.connection.wantsToWrite))
      entries.append(PollEntry(handle.process.pollNumber))
    }
    if let interruption { entries.append(PollEntry(interruption)) }
    poll(&entries, milliseconds: milliseconds)
    for (position, handle) in live.enumerated() {
      if entries[2 * position].isWritable { handle.connection.flush() }
      // What a node said before it went is taken in first: it may say why.
      let hasEnded = entries[2 * position + 1].isReadable || handle.connection.isSendingOver
      if entries[2 * position].isReadable || hasEnded { receive(from: handle) }
      if hasEnded || handle.connection.isClosed { nodeEnded(handle) }
    }
    return interruption != nil && entries.last?.isReadable == true
  }

  private func receive(from handle: NodeHandle) {
    handle.connection.receive()
    do {
      while let bytes = try handle.connection.next() {
        for action in liveness.heard(handle.index, now: monotonicNanoseconds()) { perform(action) }
        take(try NodeMessage(decoding: bytes), from: handle)
      }
    } catch {
      // A node that talks nonsense is treated like one that died.
      handle.process.kill()
    }
  }

  private func take(_ message: NodeMessage, from handle: NodeHandle) {
    switch message {
    case .ready: nodeReady(handle)
    case .taskDone(let report): taskDone(report, on: handle)
    case .taskFailed(0, let diagnostic, _): handle.lastWords = diagnostic
    case .taskFailed(let task, let diagnostic, let evicted):
      noteEvicted(evicted)
      taskFailed(task, diagnostic, on: handle)
    case .held(let request, let missing): held(request, missing: missing, by: handle)
    }
  }

  private func nodeReady(_ handle: NodeHandle) {
    let descriptor: Descriptor
    do throws(Diagnostic) {
      guard let taken = try handle.connection.takeDescriptor() else { return handle.process.kill() }
      try peers.announce(handle.index, epoch: handle.epoch, descriptor: taken)
      descriptor = taken
    } catch {
      handle.lastWords = error
      return handle.process.kill()
    }
    let arena = Connection.OutgoingDescriptor(descriptor)
    handle.arena = arena
    supervision.nodeReady(handle.index)
    for peer in handles.values where peer !== handle { peer.send(.peerArena(handle.index, epoch: handle.epoch), descriptor: arena) }
    scheduler.nodeUp(handle.index)
  }

  /// Cleans up after a node process, for whatever reason it ended, and replaces it if that makes sense.
  func nodeEnded(_ handle: NodeHandle) {
    guard handles[handle.index] === handle else { return }
    handle.process.kill()
    let end = handle.reason(of: handle.process.collect(wait: true) ?? .exited(code: -1))
    handles[handle.index] = nil
    liveness.nodeEnded(handle.index)
    chaos?.nodeEnded(handle.index)
    if let header = peers.header(of: handle.index), handle.isReady { transferHistory.keep(header) }
    peers.forget(handle.index)
    for peer in handles.values { peer.send(.peerGone(handle.index)) }
    let lost = directory.removeAll(of: handle.index)

    latestEnd = end
    tasksLost(with: handle)

    var isReplaced = false
    var failure = handle.isReady || handle.isEnded ? nil : end
    if supervision.nodeEnded(
      handle.index, wasReady: handle.isReady, wasEnded: handle.isEnded, isDraining: handle.isDraining) == .replace
    {
      do throws(Diagnostic) {
        try startNode(handle.index, epoch: handle.epoch + 1)
        isReplaced = true
      } catch { failure = error }
    }
    if handle.isDraining { return }
    deaths.append("\(handle.name) (process \(handle.process.processID))")
    // A start that failed is told once it is given up.
    if handle.isReady || handle.isEnded || (isReplaced && handle.lastWords == nil) {
      note(
        .nodeLost(
          name: handle.name, processID: handle.process.processID, words: handle.words, replaced: isReplaced, blocksLost: lost))
    }
    if let failure {
      startFailure = failure
      if !isReplaced { note(.nodeNotStarted(name: handle.name, reason: failure)) }
    }
  }
}
