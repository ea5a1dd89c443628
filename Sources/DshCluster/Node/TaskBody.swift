// What a node runs: the border between the cluster, which moves and retries tasks, and the work itself.

/// The work of tasks. One value serves all task threads of a process.
public protocol TaskBody: Sendable {
  /// Runs one task to its end and gives back what the head shall know besides the blocks that were made.
  ///
  /// Throws a `Diagnostic` for anything that goes wrong; a task that notices `context.isCancelled` throws `context.cancellation`. Blocks that
  /// were made by then are freed.
  func run(payload: [UInt8], context: TaskContext) throws -> [UInt8]
}
