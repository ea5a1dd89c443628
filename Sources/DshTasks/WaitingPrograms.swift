// Programs that have served a task and wait for the next.

import DshSystem
import Synchronization

/// Those of this process, by what they were started with.
///
/// `@unchecked Sendable`: a program belongs to whoever has taken it, and to nobody else while it waits.
final class WaitingPrograms: @unchecked Sendable {
  static let shared = WaitingPrograms()

  struct Key: Hashable {
    var command: String
    var folder: String
    var node: String
  }

  private struct Waiting {
    var key: Key
    var program: ExternalProgram
  }

  /// Each holds an interpreter with its modules: more than the tasks that a node runs at once are for nothing.
  private static let limit = 16

  private let lock = Mutex(())
  /// Those that have waited longest first.
  private var waiting: [Waiting] = []

  /// One that waits; nil if there is none that still runs.
  func take(_ key: Key) -> ExternalProgram? {
    lock.withLock { _ in
      while let place = waiting.lastIndex(where: { $0.key == key }) {
        let program = waiting.remove(at: place).program
        if program.beginAgain() { return program }
      }
      return nil
    }
  }

  /// Keeps one until it is taken, or until there are too many.
  func give(_ program: ExternalProgram, _ key: Key) {
    // Ending one takes a moment, and happens outside of the lock.
    let ended = lock.withLock { _ -> Waiting? in
      waiting.append(Waiting(key: key, program: program))
      return waiting.count > Self.limit ? waiting.removeFirst() : nil
    }
    withExtendedLifetime(ended) {}
  }
}
