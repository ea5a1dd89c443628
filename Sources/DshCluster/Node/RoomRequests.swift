// Tasks of a node that wait for room in its store, while the head has blocks written to disk.
import DshDiagnostics
import DshStore
import DshSystem
import Synchronization

/// The waiting tasks of one node.
final class RoomRequests: Sendable {
  private struct Requests {
    var last: UInt64 = 0
    /// The request of each task that waits, and the number of changes that it had seen. An answer that a change has overtaken means nothing any more.
    var waiting: [UInt64: (request: UInt64, seen: Int)] = [:]
    var refused: Set<UInt64> = []
  }

  private let changes = ChangeCounter()
  private let requests = Mutex(Requests())
  private let send: @Sendable (NodeMessage) -> Void

  init(send: @escaping @Sendable (NodeMessage) -> Void) { self.send = send }

  /// Something in the store has gone, or a task shall stop: whoever waits looks again.
  func storeChanged() { changes.advance() }

  /// No room can be made for a task.
  func refuse(_ task: UInt64, _ request: UInt64) {
    let now = changes.current
    requests.withLock { requests in
      if let waiting = requests.waiting[task], waiting == (request, now) { requests.refused.insert(task) }
    }
    changes.advance()
  }

  /// Repeats what a full store refuses until it has room; the head is asked to make some.
  ///
  /// - Throws: `cancelled`, and what the store says if the head can't make room.
  func withRoom<Result>(
    for task: UInt64, _ byteCount: Int, in store: ObjectStore, _ checkCancelled: () throws(Diagnostic) -> Void,
    _ attempt: () throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    while true {
      let seen = changes.current
      do throws(Diagnostic) { return try attempt() } catch {
        guard error.code == .storeFull, store.spill != nil, byteCount <= store.limitBytes else { throw error }
        let request = requests.withLock { requests in
          requests.last += 1
          requests.waiting[task] = (requests.last, seen)
          return requests.last
        }
        send(.needsRoom(task: task, request: request, byteCount: byteCount))
        changes.wait(after: seen)
        let isRefused = requests.withLock { requests in
          requests.waiting[task] = nil
          return requests.refused.remove(task) != nil
        }
        try checkCancelled()
        if isRefused { throw error }
      }
    }
  }
}
