// Cancelled tasks that have not answered: what they read must stay, and patience with them ends.
import DshColumns
import DshStore

/// The tasks that were cancelled and have not answered, and which of them may still move something.
struct AbandonedTasks: Sendable {
  /// A cancelled task that doesn't answer for so long is ended with its node, which is replaced: a task asks many times a second whether it is still
  /// wanted.
  static let patienceNanoseconds: Int64 = 2_000_000_000

  private var entries: [UInt64: (node: NodeIndex, deadline: Int64)] = [:]
  /// Tasks that read blocks and have not answered since the last statement, cancelled or not.
  private var reading: Set<UInt64> = []

  var isEmpty: Bool { entries.isEmpty }

  /// The nodes that run them, in order.
  var nodes: [NodeIndex] { Set(entries.values.map(\.node)).sorted() }

  /// Whether one of them may still move something between stores.
  var mayMove: Bool { entries.keys.contains { reading.contains($0) } }

  /// The task is sent with blocks to read.
  mutating func reads(_ task: UInt64) { reading.insert(task) }

  mutating func cancelled(_ task: UInt64, on node: NodeIndex, now: Int64) { entries[task] = (node, now + Self.patienceNanoseconds) }

  mutating func answered(_ task: UInt64, by node: NodeIndex) {
    reading.remove(task)
    if entries[task]?.node == node { entries[task] = nil }
  }

  mutating func nodeEnded(_ node: NodeIndex) { entries = entries.filter { $0.value.node != node } }

  /// What moves later counts for nobody.
  mutating func statementEnded() { reading = [] }

  /// The nodes, in order, with which patience has ended.
  func overdue(now: Int64) -> [NodeIndex] { Set(entries.values.filter { $0.deadline <= now }.map(\.node)).sorted() }

  /// When patience ends with the next of them.
  var nextDeadline: Int64? { entries.values.map(\.deadline).min() }
}
