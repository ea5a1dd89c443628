// Cancelled tasks that have not answered: what they read must stay, and patience with them ends.
import DshColumns
import DshStore

/// The tasks that were cancelled and have not answered, and which of them may still move something.
struct AbandonedTasks: Sendable {
  /// A cancelled task that doesn't answer for so long is ended with its node, which is replaced: a task asks many times a second whether it is still
  /// wanted.
  static let patienceNanoseconds: Int64 = 2_000_000_000

  /// A task as it runs on one node; another node may run it too.
  private struct Run: Hashable {
    let task: UInt64
    let node: NodeIndex
  }

  private struct Entry {
    let deadline: Int64
    /// Whether another node was faster with it.
    let isSlower: Bool
  }

  private var entries: [Run: Entry] = [:]
  /// Tasks that read blocks and have not answered since the last statement, cancelled or not.
  private var reading: Set<Run> = []

  var isEmpty: Bool { entries.isEmpty }

  /// The nodes that run them, in order.
  var nodes: [NodeIndex] { Set(entries.keys.map(\.node)).sorted() }

  /// Whether one of them may still move something between stores that a statement waits for. What the slower of two moves after the answer of the
  /// other is not worth waiting for: it is counted when it happens.
  var mayMove: Bool { entries.contains { reading.contains($0.key) && !$0.value.isSlower } }

  /// The task is sent with blocks to read.
  mutating func reads(_ task: UInt64, on node: NodeIndex) { reading.insert(Run(task: task, node: node)) }

  /// - Parameter isSlower: whether it was cancelled as another node was faster.
  mutating func cancelled(_ task: UInt64, on node: NodeIndex, isSlower: Bool = false, now: Int64) {
    entries[Run(task: task, node: node)] = Entry(deadline: now + Self.patienceNanoseconds, isSlower: isSlower)
  }

  mutating func answered(_ task: UInt64, by node: NodeIndex) {
    reading.remove(Run(task: task, node: node))
    entries[Run(task: task, node: node)] = nil
  }

  mutating func nodeEnded(_ node: NodeIndex) {
    reading = reading.filter { $0.node != node }
    entries = entries.filter { $0.key.node != node }
  }

  /// What moves later counts for nobody.
  mutating func statementEnded() { reading = [] }

  /// The nodes, in order, with which patience has ended.
  func overdue(now: Int64) -> [NodeIndex] { Set(entries.filter { $0.value.deadline <= now }.map(\.key.node)).sorted() }

  /// When patience ends with the next of them.
  var nextDeadline: Int64? { entries.values.map(\.deadline).min() }
}
