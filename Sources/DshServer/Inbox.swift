// Requests between the thread that receives them and the one that works them off.

import DshSystem
import Synchronization

/// What has come and was not worked off yet. Decides what an interrupt hits.
struct InboxState: Equatable {
  /// Whether more can come.
  private(set) var isEnded = false
  private var requests: [Request] = []
  private var running: Int?
  private var cancelled: Set<Int> = []

  /// What is done at once with a request that came.
  enum Effect: Equatable {
    case none
    /// Whatever runs is to end.
    case interrupt
  }

  /// Takes in a request; an interrupt without a number is for whatever runs.
  mutating func receive(_ request: Request) -> Effect {
    guard case .interrupt = request.action else {
      requests.append(request)
      return .none
    }
    if request.id == 0 || request.id == running { return running == nil ? .none : .interrupt }
    if requests.contains(where: { $0.id == request.id }) { cancelled.insert(request.id) }
    return .none
  }

  /// Nothing comes any more.
  ///
  /// - Parameter isGone: whether nobody waits for what has come either.
  mutating func end(isGone: Bool) {
    isEnded = true
    if isGone { requests = [] }
  }

  /// The next request, and whether it was cancelled before it began.
  mutating func begin() -> (request: Request, isCancelled: Bool)? {
    guard !requests.isEmpty else { return nil }
    let request = requests.removeFirst()
    running = request.id
    return (request, cancelled.remove(request.id) != nil)
  }

  mutating func finish() { running = nil }
}

/// The same for two threads.
final class Inbox: Sendable {
  private let state = Mutex(InboxState())
  /// Raised when something came.
  let arrival: EventDescriptor
  /// Raised when whatever runs is to end.
  let interruption: EventDescriptor

  init(arrival: EventDescriptor, interruption: EventDescriptor) {
    self.arrival = arrival
    self.interruption = interruption
  }

  func receive(_ request: Request) {
    // Under the lock, so that it hits the run that it was meant for.
    state.withLock { if $0.receive(request) == .interrupt { interruption.raise() } }
    arrival.raise()
  }

  /// Nothing comes any more; what runs is to end if nobody waits for it.
  func end(isGone: Bool) {
    state.withLock { $0.end(isGone: isGone) }
    if isGone { interruption.raise() }
    arrival.raise()
  }

  var isEnded: Bool { state.withLock { $0.isEnded } }

  func begin() -> (request: Request, isCancelled: Bool)? {
    state.withLock { state in
      let next = state.begin()
      if next != nil { interruption.take() }
      return next
    }
  }

  func finish() { state.withLock { $0.finish() } }
}
