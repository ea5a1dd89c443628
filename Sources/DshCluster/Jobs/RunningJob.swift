// A job under way: the answers of its tasks, and what the scheduler has decided and nobody has done yet.
import DshColumns
import DshDiagnostics
import DshStore

/// The tasks of one `run`. It stays until its outcome has been told.
struct RunningJob {
  /// Something that whoever runs the job has to do with it.
  enum Step {
    case make(task: UInt64, on: NodeIndex)
    case deliver(index: Int)
    case finish(Scheduler.Outcome)
  }

  let firstTask: UInt64
  let count: Int
  /// Whether what its tasks make may be on disk alone.
  var blocksMayBeSpilled = true
  /// Answers that have been neither received nor discarded.
  var answers: [UInt64: TaskAnswer] = [:]
  var failures: [UInt64: Diagnostic] = [:]
  /// The results before it were received.
  private(set) var received = 0
  /// The blocks of the result that is being received.
  private(set) var receiving: [BlockRef] = []
  private(set) var outcome: Scheduler.Outcome?
  /// Why the receiver gave up.
  private(set) var failure: Diagnostic?
  /// What is to be done, in order; those before `nextStep` are done.
  private var steps: [Step] = []
  private var nextStep = 0

  init(firstTask: UInt64, count: Int) {
    self.firstTask = firstTask
    self.count = count
  }

  func task(_ index: Int) -> UInt64 { firstTask + UInt64(index) }

  func index(of task: UInt64) -> Int { Int(task - firstTask) }

  // MARK: Steps

  mutating func append(_ step: Step) { steps.append(step) }

  mutating func takeStep() -> Step? {
    if nextStep == steps.count {
      steps.removeAll(keepingCapacity: true)
      nextStep = 0
      return nil
    }
    defer { nextStep += 1 }
    return steps[nextStep]
  }

  /// Takes back starts on a node that nobody has made yet, of one task or of all.
  ///
  /// - Returns: whether there were any.
  mutating func withdraw(_ task: UInt64? = nil, from node: NodeIndex) -> Bool {
    func isMeant(_ step: Step) -> Bool {
      guard case .make(let made, on: node) = step else { return false }
      return task.map { $0 == made } ?? true
    }
    let left = steps[nextStep...].filter { !isMeant($0) }
    defer { (steps, nextStep) = (left, 0) }
    return left.count < steps.count - nextStep
  }

  // MARK: Results

  /// Takes out the result that is to be received next; nil if that is not the one of this index, or its task runs again.
  mutating func takeResult(_ index: Int, ranTwice: Bool) -> TaskResult? {
    guard index == received, let answer = answers.removeValue(forKey: task(index)) else { return nil }
    receiving = answer.blocks.map(\.block)
    return TaskResult(
      index: index, node: answer.node, payload: answer.payload, blocks: receiving, moved: answer.moved, mapped: answer.mapped,
      seconds: Double(answer.nanoseconds) / 1e9, ranTwice: ranTwice)
  }

  mutating func resultReceived() { received += 1 }

  /// The outcome is the first that is known.
  mutating func ended(_ ending: Scheduler.Outcome) { outcome = outcome ?? ending }

  mutating func receiverFailed(_ diagnostic: Diagnostic) { failure = diagnostic }
}
