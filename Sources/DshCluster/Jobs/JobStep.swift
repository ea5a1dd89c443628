// What a job under way needs of whoever runs it.
import DshColumns
import DshStore

/// What a job needs next of whoever runs it.
enum JobStep {
  /// Make the task of an index and hand it to `taskMade`.
  case make(index: Int, task: UInt64, on: NodeIndex)
  /// Hand the result to the receiver, and what that says to `resultReceived`.
  case deliver(TaskResult)
  /// Nothing, until something happens.
  case wait
  /// The job has its outcome; `endJob` tells it.
  case ended
}
