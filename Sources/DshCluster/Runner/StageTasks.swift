// The tasks of a stage whose inputs are known: each is made when it is to run.

import DshColumns
import DshEngine
import DshPlan
import DshPlanner
import DshStore
import DshSystem

/// One task of a stage.
struct StageTask {
  var source: any SourceSpec
  var steps: [any StepSpec]
  var sink: any SinkSpec
  /// The node whose store holds most of the input.
  var preferredNode: NodeIndex?
  /// What `blocks` says the block is made from, such as `diamonds.csv bytes 0-699,050`.
  var origin: String
  /// The split that it reads.
  var split: SplitPlace?

  /// The verbs that it performs: `read+filter`.
  var verbs: String {
    var verbs = [source.verb].compactMap(\.self)
    for verb in steps.map(\.verb) + [sink.verb] {
      if let verb, verb != "select" || verbs.last != "select" { verbs.append(verb) }
    }
    return verbs.joined(separator: "+")
  }

  /// The result of a task that would give nothing but rows of a block.
  var ownOutput: TaskOutput? {
    guard let source = source as? BlockRows, source.slices.count == 1, steps.isEmpty else { return nil }
    var report = TaskReport()
    report.rows = source.slices[0].rows.count
    return TaskOutput(report: report, slice: source.slices[0], origin: origin, verbs: verbs, wasReused: true)
  }
}

/// The place of a split: the files of a `read` are numbered, those of several branches apart.
struct SplitPlace: Hashable {
  var branch: Int
  var file: Int
  var split: Int
  var path: String
  var identity: FileIdentity
  /// Where it begins, if nothing shows that its first record begins elsewhere.
  var start: Int
}

/// What a task made.
struct TaskOutput {
  var report: TaskReport
  /// The rows; a task that would give some rows of a block is not run, and its output is those.
  var slice: BlockSlice?
  var origin: String
  var verbs: String
  var wasReused: Bool
}

/// Tasks one after another that are the same in every statement that has them: those of a file, or of a branch that reads no files.
struct Producer {
  /// What decides their rows, but for the steps of the branch.
  var identity: [UInt8]
  var taskCount: Int
}

/// The sources of the tasks of one branch.
struct BranchTasks {
  struct Source {
    var source: any SourceSpec
    var origin: String
    var preferredNode: NodeIndex?
    var split: SplitPlace?
    /// The partitions that it pulls, of rows that were cut by hash.
    var partitions: Range<Int>?
    /// What is known of the columns of each block; empty if nothing is known of one.
    var statistics: [[ColumnStatistics]] = []
  }

  var count: Int
  /// The bytes that the largest of them reads.
  var largestBytes: Int
  var source: (Int) -> Source
  /// Blocks that no task reads, as what is known of them says enough.
  var skipped = 0
  /// How many files are opened of how many, if their folders say enough of the others; nil if all are.
  var files: (opened: Int, total: Int)?
  /// Of a top-N, a value of the first key behind which none of the first rows is.
  var bound: Value?
  /// What the tasks are known by in later statements; nil for one producer with the identity of the branch.
  var producers: [Producer]?
  /// The steps of the tasks, with the blocks that they read; nil if they read none.
  var steps: [any StepSpec]?
  /// Of each step that has to know it, what stands before the rows of each task.
  var starts: [(step: Int, tasks: [TaskStart])] = []

  init(count: Int, largestBytes: Int, producers: [Producer]? = nil, source: @escaping (Int) -> Source) {
    self.count = count
    self.largestBytes = largestBytes
    self.producers = producers
    self.source = source
  }

  init(_ sources: [Source]) {
    self.init(count: sources.count, largestBytes: sources.map(\.source.sizeBytes).max() ?? 0) { sources[$0] }
  }
}

/// All tasks of a stage, numbered through its branches.
struct StageTasks {
  private let stage: Stage
  private let branches: [BranchTasks]
  /// The number of the first task of each branch, and of the one behind the last.
  private let starts: [Int]
  /// All producers, the branch of each, and the number of its first task.
  let producers: [(branch: Int, producer: Producer, firstTask: Int)]
  /// Of a window, the tasks that have rows in it, and which rows of them.
  private let parts: [(task: Int, rows: Range<Int>)]?

  init(_ stage: Stage, _ branches: [BranchTasks], rowCounts: [Int]? = nil, _ window: RowWindow? = nil) {
    self.stage = stage
    self.branches = branches
    starts = branches.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    var producers: [(branch: Int, producer: Producer, firstTask: Int)] = []
    for (index, branch) in branches.enumerated() {
      var first = starts[index]
      for producer in branch.producers ?? [Producer(identity: stage.branches[index].identity, taskCount: branch.count)] {
        producers.append((index, producer, first))
        first += producer.taskCount
      }
    }
    self.producers = producers
    if let window, let rowCounts {
      let wanted = window.range(of: rowCounts.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 })
      var first = 0
      var parts: [(task: Int, rows: Range<Int>)] = []
      for (task, rows) in rowCounts.enumerated() {
        let end = first.addingReportingOverflow(rows).overflow ? .max : first + rows
        let part = wanted.clamped(to: first..<end)
        if !part.isEmpty { parts.append((task, part.lowerBound - first..<part.upperBound - first)) }
        first = end
      }
      self.parts = parts
    } else {
      parts = nil
    }
  }

  var count: Int { parts?.count ?? starts[starts.count - 1] }

  /// Blocks that no task reads, as what is known of them says enough.
  var skipped: Int { branches.reduce(0) { $0 + $1.skipped } }

  /// How many files are opened of how many, where that is told.
  var files: (opened: Int, total: Int)? {
    let told = branches.compactMap(\.files)
    return told.isEmpty ? nil : (told.reduce(0) { $0 + $1.opened }, told.reduce(0) { $0 + $1.total })
  }

  /// The bytes that the largest task reads.
  var largestBytes: Int { branches.map(\.largestBytes).max() ?? 0 }

  /// The bytes that all tasks read.
  var sourceBytes: Int { (0..<count).reduce(0) { $0 + source(of: $1).made.source.sizeBytes } }

  /// The producer of a task, and the task's number in it.
  func place(of index: Int) -> (producer: Int, task: Int) {
    let task = parts?[index].task ?? index
    let producer = lastIndex(of: producers.count) { producers[$0].firstTask <= task }
    return (producer, task - producers[producer].firstTask)
  }

  /// The branch of a task, its number in it, and its source.
  private func source(of index: Int) -> (branch: Int, number: Int, made: BranchTasks.Source) {
    let whole = parts?[index].task ?? index
    let branch = lastIndex(of: branches.count) { starts[$0] <= whole }
    return (branch, whole - starts[branch], branches[branch].source(whole - starts[branch]))
  }

  /// The node whose store holds most of the input of a task.
  func preferredNode(of index: Int) -> NodeIndex? { source(of: index).made.preferredNode }

  /// The split that a task reads.
  func split(of index: Int) -> SplitPlace? {
    let (branch, _, made) = source(of: index)
    var split = made.split
    split?.branch = branch
    return split
  }

  func task(_ index: Int) -> StageTask {
    let (branch, number, made) = source(of: index)
    var steps = branches[branch].steps ?? stage.branches[branch].steps
    steps = BlockPruning.withoutCertainTerms(steps, ofBlocks: made.statistics, schema: made.source.schema)
    if let partitions = made.partitions {
      for side in stage.branches[branch].sides where side.isCutAlike {
        steps[side.step] = steps[side.step].reading(onlyPartitions: partitions)
      }
    }
    for (step, tasks) in branches[branch].starts where steps.indices.contains(step) { steps[step] = steps[step].starting(tasks[number]) }
    var task = StageTask(
      source: made.source, steps: steps, sink: sink(of: index), preferredNode: made.preferredNode, origin: made.origin,
      split: split(of: index))
    if task.sink is CountRows, steps.isEmpty { task.source = made.source.counting }
    // A task that is nothing but rows of a block becomes fewer rows of it.
    if let part = parts?[index], let source = made.source as? BlockRows, source.slices.count == 1, steps.isEmpty {
      task.source = BlockRows(source.schema, source.slices[0].part(part.rows))
    }
    return task
  }

  /// What a task makes of its rows.
  func sink(of index: Int) -> any SinkSpec {
    if let part = parts?[index] { return SelectRows(part.rows) }
    return sink(ofBranch: lastIndex(of: branches.count) { starts[$0] <= index })
  }

  /// What becomes of the rows of a branch of a stage that is no window.
  func sink(ofBranch branch: Int) -> any SinkSpec {
    guard case .sink(let sink) = stage.output else { preconditionFailure("the tasks of a window are made when the counts are known") }
    guard let top = sink as? TopRows, let bound = branches[branch].bound else { return sink }
    return TopRows(top.keys, count: top.count, bound: bound)
  }

  /// The tasks that would give nothing but rows of blocks, where these may stay in them.
  var passingBlocks: [Int] {
    guard stage.passesBlocks else { return [] }
    if parts != nil { return Array(0..<count) }
    return stage.branches.indices.filter { stage.branches[$0].isBlocks }.flatMap { Array(starts[$0]..<starts[$0 + 1]) }
  }

  /// How many rows each task gives, where that is known before any runs.
  var knownRows: [Int]? {
    guard stage.branches.allSatisfy({ $0.steps.allSatisfy(\.keepsRowCount) }) else { return nil }
    var rows: [Int] = []
    for index in 0..<count {
      guard let known = task(index).source.knownRows else { return nil }
      rows.append(known)
    }
    return rows
  }
}

/// The last of so many indexes that fulfil a condition; those that do come before those that don't, and the first does. Empty parts begin where the
/// next one does, so the last is the one that has the task.
func lastIndex(of count: Int, where fits: (Int) -> Bool) -> Int {
  var (low, high) = (0, count - 1)
  while low < high {
    let middle = (low + high + 1) / 2
    if fits(middle) { low = middle } else { high = middle - 1 }
  }
  return low
}

extension Stage {
  /// Whether rows that are in blocks already may stay there instead of being made again.
  fileprivate var passesBlocks: Bool {
    switch output {
    case .sink(let sink): (sink is MakeBlock || sink is KeepEnds) && !ownsBlocks
    case .window: true
    }
  }
}

extension Branch {
  /// Whether its tasks give nothing but rows of blocks.
  fileprivate var isBlocks: Bool {
    guard steps.isEmpty else { return false }
    switch input {
    case .persisted, .blocks: return true
    case .files, .range, .rows, .exchange, .ordered, .cut, .zip: return false
    }
  }
}
