// A stage under way: which outputs are known and verified so far, and whether more are wanted.

import DshBackend
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlanner

/// Takes in what tasks gave back, in order; a split that does not begin where the one before it ends is refused. No input or output of its own.
struct StageRun {
  let stage: Stage
  /// The tasks, once the inputs are known.
  private(set) var tasks: StageTasks?
  /// What is known of the outputs, by number of the task.
  private(set) var outputs: [Int: TaskOutput] = [:]
  var work: StageWork
  /// All tasks before it have verified outputs.
  private(set) var next = 0
  private var rows = 0
  /// Records of files that are not given as they stand there, those of blocks used again among them.
  private(set) var irregular = IrregularRecords()
  /// Parts of files that were passed over, by tasks of this statement alone.
  private(set) var rowGroups = RowGroupCounts()
  /// Bytes of mapped files that tasks of this statement used where they lie.
  private(set) var inPlaceBytes = 0
  /// The outputs before it are in `work`.
  private var countedEnd = 0
  /// The end of the last verified split, by branch and file.
  private var ends: [FilePlace: Int] = [:]

  private struct FilePlace: Hashable { let branch: Int, file: Int }

  init(_ stage: Stage) {
    self.stage = stage
    work = StageWork(title: stage.title)
  }

  /// Begins with tasks and what is known of their outputs.
  mutating func begin(_ tasks: StageTasks, known: [Int: TaskOutput]) {
    self.tasks = tasks
    outputs.merge(known) { own, _ in own }
    work.tasksTotal = tasks.count
    work.skipped = tasks.skipped
    work.files = tasks.files
    (next, rows, ends) = (0, 0, [:])
    advance()
  }

  /// Forgets outputs whose blocks are gone, and the tasks that read such.
  mutating func forget(where isLost: (TaskOutput) -> Bool) {
    outputs = outputs.filter { !isLost($0.value) }
    tasks = nil
  }

  /// Whether no more outputs are wanted; not before the tasks are known.
  var isDone: Bool {
    guard let tasks else { return false }
    return next == tasks.count || stage.wantedRows.map { rows >= $0 } ?? false
  }

  /// Whether all tasks have outputs.
  var ranFully: Bool { tasks.map { next == $0.count } ?? false }

  /// The verified outputs in order.
  var verified: [TaskOutput] { (0..<next).compactMap { outputs[$0] } }

  /// The tasks that have no output, of those that may still be wanted.
  var missing: [Int] {
    guard let tasks else { return [] }
    return outputs.isEmpty ? Array(next..<tasks.count) : (next..<tasks.count).filter { outputs[$0] == nil }
  }

  /// Adds an output; it counts once all before it are there.
  mutating func add(_ output: TaskOutput, of task: Int) {
    outputs[task] = output
    advance()
  }

  private mutating func advance() {
    guard let tasks else { return }
    while !isDone, let output = outputs[next] {
      if let split = tasks.split(of: next) {
        // A task that had enough says nothing of where its split ends, and the end of an earlier one is not it.
        ends[FilePlace(branch: split.branch, file: split.file)] = output.report.isComplete ? output.report.scanRange?.upperBound : nil
      }
      rows += output.report.rowsOut
      if next >= countedEnd {
        irregular += output.report.irregular
        if output.wasReused {
          work.addReused(output)
        } else {
          rowGroups += output.report.rowGroups
          inPlaceBytes += output.report.inPlaceBytes
        }
        countedEnd = next + 1
      }
      next += 1
    }
  }

  /// Where a split has to begin, if it did not: each must begin where the one before it ends. The first of a file always begins right.
  func rightStart(_ report: TaskReport, of task: StageTask) -> Int? {
    guard let split = task.split, split.split > 0, let range = report.scanRange, let scan = task.source as? ReadSplit,
      !scan.scan.startIsExact, let expected = ends[FilePlace(branch: split.branch, file: split.file)]
    else { return nil }
    return expected == range.lowerBound ? nil : expected
  }
}
