// The loop: waits for what nodes say and do, tells the state, and carries out what it asks for.
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem

extension Cluster {
  // MARK: Waiting

  /// Waits for the next event of any node, or of a caller's descriptor, and takes in all that has come. It also returns when a node has to be
  /// asked whether it is still there, so call it in a loop.
  ///
  /// - Parameter milliseconds: negative for any time; with 0 nothing is waited for, and nobody is asked.
  /// - Returns: whether `interruption` is readable.
  @discardableResult
  func wait(milliseconds: Int, interruption: Int32? = nil) -> Bool {
    let isInterrupted = takeIn(milliseconds: milliseconds == 0 ? 0 : boundedWait(milliseconds), interruption: interruption)
    if milliseconds != 0 { state.tick(now: monotonicNanoseconds()) }
    perform()
    if state.hasEvents { onEvents?() }
    return isInterrupted
  }

  /// Waits for something; throws when the caller's descriptor is readable.
  func waitOrCancel() throws(Diagnostic) {
    if wait(milliseconds: -1, interruption: cancellation) { throw TaskContext.cancellation }
  }

  /// What to wait for at the prompt; when one is readable, call `handlePendingEvents`.
  public var pollNumbers: [Int32] {
    handles.values.sorted { $0.index < $1.index }.flatMap { [$0.connection.number, $0.process.pollNumber] }
  }

  /// Takes in whatever the nodes have said or done, without waiting.
  public func handlePendingEvents() { wait(milliseconds: 0) }

  private func boundedWait(_ milliseconds: Int) -> Int {
    guard let next = state.nextTick else { return milliseconds }
    let limit = max(1, Int((next - monotonicNanoseconds()) / 1_000_000) + 1)
    return milliseconds < 0 ? limit : min(milliseconds, limit)
  }

  // MARK: Events

  private func takeIn(milliseconds: Int, interruption: Int32?) -> Bool {
    let live = handles.values.sorted { $0.index < $1.index }
    var entries: [PollEntry] = []
    for handle in live {
      entries.append(PollEntry(handle.connection.number, waitsForWriting: handle.connection.wantsToWrite))
      entries.append(PollEntry(handle.process.pollNumber))
    }
    if let interruption { entries.append(PollEntry(interruption)) }
    pollOrEnd(&entries, milliseconds: milliseconds)
    // One that was ended on account of what another said is heard no more.
    for (position, handle) in live.enumerated() where handles[handle.index] === handle {
      if entries[2 * position].isWritable { handle.connection.flush() }
      // What a node said before it went is taken in first: it may say why.
      let hasEnded = entries[2 * position + 1].isReadable || handle.connection.isSendingOver
      if entries[2 * position].isReadable || hasEnded { receive(from: handle) }
      if hasEnded || handle.connection.isClosed { nodeEnded(handle) }
      perform()
    }
    return interruption != nil && entries.last?.isReadable == true
  }

  private func receive(from handle: NodeHandle) {
    handle.connection.receive()
    do {
      while let bytes = try handle.connection.next() {
        let message = try NodeMessage(decoding: bytes)
        if case .ready = message, !takeArena(of: handle) { continue }
        if case .spilled(_, _, isFirst: true) = message { try takeSpillFile(of: handle) }
        state.received(message, from: handle.index, epoch: handle.epoch, now: monotonicNanoseconds())
        perform()
      }
    } catch {
      // A node that talks nonsense is treated like one that died.
      handle.process.kill()
    }
  }

  /// Takes the arena that comes with the news that a node is up; whether it can be used.
  private func takeArena(of handle: NodeHandle) -> Bool {
    do throws(Diagnostic) {
      if let descriptor = try handle.connection.takeDescriptor() {
        try peers.announce(handle.index, epoch: handle.epoch, descriptor: descriptor)
        handle.arena = Connection.OutgoingDescriptor(descriptor)
        return true
      }
      state.nodeUnusable(handle.index, epoch: handle.epoch, nil)
    } catch { state.nodeUnusable(handle.index, epoch: handle.epoch, error) }
    perform()
    return false
  }

  /// Takes the spill file that comes with the first blocks in it, for all who may read them.
  private func takeSpillFile(of handle: NodeHandle) throws {
    guard let descriptor = try handle.connection.takeDescriptor() else { throw DecodingFailure("a spill file without its descriptor") }
    peers.announceSpillFile(handle.index, epoch: handle.epoch, descriptor: try descriptor.duplicated())
    let file = Connection.OutgoingDescriptor(descriptor)
    handle.spillFile = file
    for other in handles.values where other !== handle { share(file, of: handle, with: other) }
  }

  private func share(_ spillFile: Connection.OutgoingDescriptor, of owner: NodeHandle, with node: NodeHandle) {
    node.send(.peerSpillFile(owner.index, epoch: owner.epoch), descriptor: spillFile)
  }

  /// Cleans up after a node process, for whatever reason it ended.
  private func nodeEnded(_ handle: NodeHandle) {
    guard handles[handle.index] === handle else { return }
    handle.process.kill()
    let end = handle.end(handle.process.collect(wait: true) ?? .exited(code: -1))
    handles[handle.index] = nil
    if handle.arena != nil, let header = peers.header(of: handle.index) { transferHistory.keep(header) }
    peers.forget(handle.index)
    state.nodeEnded(handle.index, epoch: handle.epoch, end, now: monotonicNanoseconds())
  }

  // MARK: Actions

  /// Carries out what the state asks for; call it after every event.
  func perform() {
    while true {
      let actions = state.takeActions()
      if actions.isEmpty { return }
      for action in actions { perform(action) }
    }
  }

  private func perform(_ action: DriverAction) {
    switch action {
    case .send(let message, let node): handles[node]?.send(message)
    case .share(let owner, let node):
      guard let arena = owner == 0 ? headArena : handles[owner]?.arena else { return }
      handles[node]?.send(.peerArena(owner, epoch: handles[owner]?.epoch ?? 0), descriptor: arena)
      if let handle = handles[owner], let file = handle.spillFile, let node = handles[node] { share(file, of: handle, with: node) }
    case .start(let node, let epoch):
      do throws(Diagnostic) { try startNode(node, epoch: epoch) } catch { state.nodeNotStarted(node, error) }
    case .kill(let node): handles[node]?.process.kill()
    case .end(let node): if let handle = handles[node] { nodeEnded(handle) }
    case .pause(let node): handles[node]?.process.pause()
    case .resume(let node): handles[node]?.process.resume()
    case .publish(let locations): addresses.insert(locations)
    case .withdraw(let ids): addresses.remove(ids)
    }
  }

  /// Starts the process of a node.
  func startNode(_ node: NodeIndex, epoch: Int) throws(Diagnostic) {
    handles[node] = try NodeHandle(index: node, epoch: epoch, options: options)
    state.nodeStarted(node, epoch: epoch, slots: options.slots, now: monotonicNanoseconds())
  }
}
