// Ray as a cluster: the loop around its state, with the bridge that it acts through.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshStore
import DshSystem
import DshTasks

/// Tasks and blocks on Ray. Ray schedules, its stores hold the blocks, its lineage and its spilling protect them; what runs inside of a task is the same
/// `TaskRunner` as on a node of dsh. Used by one thread; what is decided is decided by `RayState`.
final class RayCluster {
  let options: RayOptions
  let bridge: BridgeProcess
  var state: RayState
  var cancellation: Int32?
  var onEvents: (() -> Void)?
  private var isClosed = false
  private var files: RayRemoteFiles?

  /// Starts the bridge, which starts or joins Ray while the caller goes on.
  ///
  /// - Throws: `no-ray` if Python or the library of tasks is not there.
  init(_ options: RayOptions) throws(Diagnostic) {
    self.options = options
    let library = try RayOptions.library()
    bridge = try BridgeProcess(python: try RayOptions.python())
    state = RayState(isDeterministic: options.isDeterministic)
    bridge.send(.start(version: options.version, options.address, library: library))
    files = RayRemoteFiles(self)
    RemoteFileAccess.use(files)
  }

  deinit { close(waits: false) }

  /// How long Ray may take to end before it is left to the bridge.
  private static let endMilliseconds = 5000

  /// Ends what was started, and leaves a Ray that was there before as it was.
  func close(waits: Bool) {
    if isClosed { return }
    isClosed = true
    if RemoteFileAccess.current === files { RemoteFileAccess.use(nil) }
    bridge.send(.stop)
    let end = monotonicNanoseconds() + Int64(Self.endMilliseconds) * 1_000_000
    // Without waiting the bridge hears that this end is closed, and ends by itself.
    while waits, bridge.process.collect(wait: false) == nil, monotonicNanoseconds() < end { _ = wait(milliseconds: 100) }
  }

  /// Gives up what the session has made, for another one.
  func reset() {
    state.reset()
    perform()
    onEvents = nil
  }

  // MARK: Waiting

  /// Waits for the next message, or for a caller's descriptor, and takes in all that has come.
  ///
  /// - Parameter milliseconds: negative for any time.
  /// - Returns: whether `interruption` is readable.
  @discardableResult
  func wait(milliseconds: Int, interruption: Int32? = nil) -> Bool {
    perform()
    var entries = bridge.pollNumbers.map { PollEntry($0) }
    entries[0].waitsForWriting = bridge.wantsToWrite
    if let interruption { entries.append(PollEntry(interruption)) }
    pollOrEnd(&entries, milliseconds: milliseconds)
    if entries[0].isWritable { bridge.flush() }
    if entries[0].isReadable || entries[1].isReadable { receive() }
    perform()
    if state.hasEvents { onEvents?() }
    return interruption != nil && entries.last?.isReadable == true
  }

  /// Waits for something; throws when the caller's descriptor is readable.
  func waitOrCancel() throws(Diagnostic) {
    if wait(milliseconds: -1, interruption: cancellation) { throw TaskContext.cancellation }
  }

  private func receive() {
    if case .failed = state.phase { return }
    do {
      let isThere = try bridge.receive { reply, payload in
        state.received(reply, payload: payload, now: monotonicNanoseconds())
        perform()
      }
      guard !isThere, !isClosed else { return }
    } catch {
      bridge.process.kill()
    }
    if case .failed = state.phase { return }
    let ending = bridge.process.collect(wait: true).map { "it \($0.predicate)" }
    state.failed(
      Diagnostic(
        .clusterLost, "the bridge to Ray is gone", suggestion: "start the shell again; what was made is lost with it",
        notes: [ending, bridge.lastWords].compactMap(\.self)))
  }

  /// Sends what the state asks for; call it after every event.
  func perform() {
    for request in state.takeRequests() { bridge.send(request) }
  }

  // MARK: Questions

  /// Waits until Ray is up.
  ///
  /// - Throws: why it is not; `cancelled`.
  func awaitStart() throws(Diagnostic) {
    while true {
      switch state.phase {
      case .up: return
      case .failed(let diagnostic): throw diagnostic
      case .starting: try waitOrCancel()
      }
    }
  }

  /// Has something done over blocks where they lie, without taking a processor.
  func ask(_ request: LibraryRequest, over blocks: [BlockID], on node: NodeIndex) throws(Diagnostic) -> UInt64 {
    try awaitStart()
    let number = state.questions.ask(blocks)
    bridge.send(.call(number: number, node: state.nodes.id(of: node), request: request.encoded(), blocks: blocks))
    return number
  }

  /// Has a whole block brought.
  func fetch(_ block: BlockRef) throws(Diagnostic) -> UInt64 {
    try awaitStart()
    let number = state.questions.ask([block.id], isAboutStores: !block.isWithDriver)
    bridge.send(.fetch(number: number, block: block.id))
    return number
  }

  /// Asks about a file at an address, and waits for the answer.
  func answer(about address: String, _ question: RemoteQuestion) throws(Diagnostic) -> RayQuestions.Answer {
    let own = cancellation
    cancellation = own ?? RemoteFileAccess.cancellation
    defer { cancellation = own }
    try awaitStart()
    let number = state.questions.ask([], isAboutStores: false)
    bridge.send(.file(number: number, question, address: address))
    return try answer(to: number)
  }

  /// Waits for an answer.
  ///
  /// - Throws: why there is none; `cancelled`.
  func answer(to number: UInt64) throws(Diagnostic) -> RayQuestions.Answer {
    while true {
      if let answer = state.questions.take(number) { return try answer.get() }
      do throws(Diagnostic) { try waitOrCancel() } catch {
        state.questions.giveUp(number)
        throw error
      }
    }
  }
}
