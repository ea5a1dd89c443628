// How long the tasks of a job take, and which of those that run are slow.
import DshColumns
import DshStore

/// The times of the tasks of a job.
struct TaskTimes: Sendable {
  /// A task is slow that runs so many times as long as half of the others: parts of one file, or ranges of one exchange, seldom differ by more.
  static let slowFactor: Int64 = 2
  /// No task is slow before: what it would save is less than what a copy costs in processors and memory, and nobody waits for it long.
  static let shortestSlowNanoseconds: Int64 = 500_000_000
  /// The median is that of so many tasks that were done last, as it is asked for after every event.
  private static let recentLimit = 255

  /// When each task was last given to a node, by index.
  var begun: [Int: Int64] = [:]
  /// What the longest task took that is done.
  private(set) var longestNanoseconds: Int64?
  /// What the tasks took that were done last, in a ring.
  private var recent: [Int64] = []
  private var done = 0

  mutating func taskDone(_ index: Int, _ nanoseconds: Int64) {
    begun[index] = nil
    longestNanoseconds = max(longestNanoseconds ?? 0, nanoseconds)
    if recent.count < Self.recentLimit { recent.append(nanoseconds) } else { recent[done % Self.recentLimit] = nanoseconds }
    done += 1
  }

  /// How long a task has to run to be slow; nil as long as none is done that it could be compared with.
  var slowNanoseconds: Int64? {
    guard !recent.isEmpty else { return nil }
    let (twice, overflows) = recent.sorted()[recent.count / 2].multipliedReportingOverflow(by: Self.slowFactor)
    return overflows ? nil : max(twice, Self.shortestSlowNanoseconds)
  }
}
