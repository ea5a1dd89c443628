// Runs the stages of a statement: uses blocks again that are still there, and makes again, one by one, what a dead node took with it.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import DshPlanner
import DshStore

/// Runs stage graphs, one at a time, on the thread that owns the cluster.
final class GraphRunner {
  let cluster: any TaskCluster
  var settings = BackendSettings()
  var progress: ((RunProgress) -> Void)?

  /// Outputs of earlier statements.
  var cache = TaskCache()
  /// Datasets whose blocks are kept as a whole.
  var persisted: [LogicalPlan: PersistedDataset] = [:]
  /// Where splits begin whose first record was guessed wrongly before.
  var knownStarts: [SplitPlace: Int] = [:]
  /// The stage whose blocks have to stay in memory, and how much room they have there.
  var memoryOnly: (stage: Stage, roomBytes: Int)?
  /// Outputs of this statement that are protected until it ends.
  var unsettled: [BlockRef] = []
  /// Cached blocks that this statement reads.
  var acquired: [BlockRef] = []
  /// Blocks whose rows are in another block since this statement; they go when it ends.
  var superseded: [BlockRef] = []
  /// Blocks that were made for exchanges, of earlier statements too.
  var intermediates = IntermediateBlocks()
  /// The stages of this statement that were begun.
  private var runs: [Stage: StageRun] = [:]
  private var begun: [Stage] = []
  /// How often blocks were lost under this statement, and who died before it.
  private var losses = 0
  private var deathsBefore = 0
  /// What was moved and read in place by this statement, abandoned tasks included.
  private(set) var moved: [Transfer] = []

  /// Blocks of one statement are made again so often when nodes die: enough for a row of unlucky deaths, not for a machine that can't hold the
  /// data.
  static let lossLimit = 8

  init(cluster: any TaskCluster) { self.cluster = cluster }

  // MARK: Statements

  /// Runs one statement, and gives up all protection afterwards.
  func statement<T>(_ body: () throws -> T) throws -> T {
    let transfersBefore = cluster.transfers()
    (runs, begun, losses, deathsBefore) = ([:], [], 0, cluster.deaths.count)
    defer {
      settleAll()
      // What is still under way would count later, against nobody.
      cluster.awaitMovements()
      moved = cluster.transfers().since(transfersBefore)
    }
    return try body()
  }

  private func settleAll() {
    cluster.settle(unsettled, as: .cached)
    cluster.release(acquired)
    let surplus = intermediates.takeSurplus()
    let unused = unusedForLong()
    cluster.settle(superseded + surplus + unused, as: .freed)
    if !surplus.isEmpty { cache.keep { cluster.contains($0) } }
    (unsettled, acquired, superseded) = ([], [], [])
  }

  /// Blocks that no statement has asked for lately, and that belong to no dataset.
  private func unusedForLong() -> [BlockRef] {
    let unused = cache.endStatement { Set(persisted.values.flatMap { $0.blocks.map(\.block.id) }) }
    if !unused.isEmpty { intermediates.remove(Set(unused.map(\.id))) }
    return unused
  }

  /// What the stages of a graph did in this statement; before them those that made lost blocks of kept datasets once more.
  func work(of graph: StageGraph) -> [StageWork] {
    let restoring = begun.filter { !graph.stages.contains($0) }
    return (restoring + graph.stages).map { runs[$0]?.work ?? StageWork(title: $0.title) }
  }

  /// The records of files that the stages of this statement did not give as they stand there.
  var irregular: IrregularRecords { runs.values.reduce(into: IrregularRecords()) { $0 += $1.irregular } }

  /// The parts of files that the stages of this statement came to, and those that they read.
  var rowGroups: RowGroupCounts { runs.values.reduce(into: RowGroupCounts()) { $0 += $1.rowGroups } }

  /// The bytes of mapped files that the stages of this statement used where they lie.
  var inPlaceBytes: Int { runs.values.reduce(0) { $0 + $1.inPlaceBytes } }

  /// The outputs of a stage, used as often as blocks are lost while they are used.
  func using<T>(_ stage: Stage, _ body: (StageRun) throws -> T) throws -> T {
    while true {
      do { return try body(try run(stage)) } catch let lost as Diagnostic where lost.code == .blockLost { try noteLoss(lost) }
    }
  }

  private func noteLoss(_ lost: Diagnostic) throws {
    losses += 1
    forgetLostBlocks()
    guard losses >= Self.lossLimit else { return }
    let deaths = cluster.deaths.dropFirst(deathsBefore)
    var told = lost
    told.message = "nodes died faster than their blocks could be made again: \(lost.message)"
    told.notes.append("tried \(Self.lossLimit) times; died meanwhile: \(deaths.isEmpty ? "none" : deaths.joined(separator: ", "))")
    throw told
  }

  /// Forgets outputs whose blocks are gone.
  func forgetLostBlocks() {
    cache.keep { cluster.contains($0) }
    for stage in runs.keys { runs[stage]?.forget { output in output.slice.map { !cluster.contains($0.block) } ?? false } }
  }

  /// Notes that a stage is not run, as what is known of its blocks said enough.
  func skip(_ stage: Stage, blockCount: Int) {
    var run = StageRun(stage)
    run.work.skipped = blockCount
    runs[stage] = run
  }

  // MARK: Stages

  /// What becomes of the output of a task as soon as it counts; the default keeps its block for later statements.
  typealias Commit = (_ result: TaskResult, _ task: Int, _ taskCount: Int, _ output: TaskOutput) throws -> TaskOutput

  /// Runs what is missing of a stage, and of the stages it needs for that.
  ///
  /// - Parameters:
  ///   - window: the most tasks that run ahead of the first without an output.
  ///   - commit: called once for each task, in order.
  func run(_ stage: Stage, window: Int? = nil, commit: Commit? = nil) throws -> StageRun {
    if !begun.contains(stage) { begun.append(stage) }
    var run = runs.removeValue(forKey: stage) ?? StageRun(stage)
    defer { runs[stage] = run }
    while !run.isDone {
      do {
        if run.tasks == nil { try begin(&run, isKept: commit == nil && stage.isRepeatable) }
        try runMissing(&run, window: window ?? (stage.wantedRows == nil ? nil : max(1, cluster.slots)), commit: commit)
      } catch let lost as Diagnostic where lost.code == .blockLost {
        try noteLoss(lost)
        run.forget { output in output.slice.map { !cluster.contains($0.block) } ?? false }
      }
    }
    return run
  }

  /// Finds out the tasks of a stage, and which of their outputs are there.
  private func begin(_ run: inout StageRun, isKept: Bool) throws {
    let tasks = try tasks(of: run.stage)
    var known = isKept ? try reuse(run.stage, tasks) : [:]
    for index in tasks.passingBlocks where known[index] == nil { known[index] = tasks.task(index).ownOutput }
    run.begin(tasks, known: known)
  }

  /// Outputs of earlier statements whose blocks are still there; they are acquired for this statement.
  private func reuse(_ stage: Stage, _ tasks: StageTasks) throws -> [Int: TaskOutput] {
    guard !cache.isEmpty else { return [:] }
    let ids = cacheIDs(stage, tasks)
    var found: [Int: TaskOutput] = [:]
    switch stage.output {
    case .sink:
      for (id, entry) in zip(ids, tasks.producers) {
        let known = cache.outputs(id, count: entry.producer.taskCount, tasks.sink(ofBranch: entry.branch))
        for (task, output) in known { found[entry.firstTask + task] = output }
      }
    case .window:
      for index in 0..<tasks.count {
        let (producer, task) = tasks.place(of: index)
        found[index] = cache.outputs(ids[producer], count: tasks.producers[producer].producer.taskCount, tasks.sink(of: index))[task]
      }
    }
    guard !found.isEmpty else { return [:] }
    let blocks = found.values.compactMap { $0.slice?.block }
    let missing = blocks.isEmpty ? [] : Set(try cluster.acquire(blocks, deadline: .ofBlocks))
    acquired += blocks.filter { !missing.contains($0.id) }
    let staysInMemory = stage == memoryOnly?.stage
    found = found.filter { entry in
      entry.value.slice.map { !missing.contains($0.block.id) && !(staysInMemory && cluster.isOnDisk($0.block)) } ?? true
    }
    return found.mapValues { output in
      var reused = output
      reused.wasReused = true
      return reused
    }
  }

  private func cacheIDs(_ stage: Stage, _ tasks: StageTasks) -> [TaskCache.ProducerID] {
    tasks.producers.map { cache.id(of: $0.producer, stage.branches[$0.branch]) }
  }

  /// Runs the tasks that have no output yet. Every result is verified, in order, before it counts: a split that does not begin where the one
  /// before it ends is read again from there, while the others go on.
  private func runMissing(_ begun: inout StageRun, window: Int?, commit: Commit?) throws {
    guard !begun.isDone, let tasks = begun.tasks else { return }
    var run = begun
    defer { begun = run }
    let missing = run.missing
    var failure: (any Error)?
    let deal = roundRobin(tasks)
    let (total, done) = (tasks.count, tasks.count - missing.count)
    // Those that were sent and whose results were not received.
    var made: [Int: StageTask] = [:]
    var set = TaskSet(
      count: missing.count, window: window,
      preferredNode: { position in tasks.preferredNode(of: missing[position]) ?? (deal.isEmpty ? nil : deal[position % deal.count]) },
      task: { [self] position in
        let task = starting(tasks.task(missing[position]))
        made[position] = task
        let spec = TaskSpec(source: task.source, steps: task.steps, sink: task.sink, batchRows: settings.batchRows)
        return TaskSet.Task(payload: spec.bytes, rows: task.source.inputs, tables: task.steps.flatMap(\.inputs))
      })
    set.blocksMayBeSpilled = begun.stage != memoryOnly?.stage
    set.mayBeCopied = run.stage.isRepeatable
    var forecast = forecast(of: begun.stage, tasks)
    do {
      do throws(Diagnostic) {
        let commit = commit ?? keep(run.stage, tasks)
        try cluster.run(
          set,
          receive: { [self] (result: TaskResult) throws(Diagnostic) -> Continuation in
            guard let task = made.removeValue(forKey: result.index) else { preconditionFailure("a result is that of a task that was made") }
            do {
              let said = try receive(result, task, missing[result.index], &run, tasks.count, commit)
              forecast?.add(task, result)
              if let refusal = forecast?.refusal { throw refusal }
              return said
            } catch {
              failure = error
              return .enough
            }
          }, progress: progress.map { tell in { tell($0.of(total: total, done: done)) } })
      } catch { throw error }
      if let failure { throw failure }
    } catch let diagnostic as Diagnostic {
      // What is said of all rows is no fault of a task's.
      guard run.next < tasks.count, forecast?.refusal == nil else { throw diagnostic }
      throw diagnostic.blamed(on: tasks.task(run.next), reportsBefore: run.verified.map(\.report))
    }
  }

  /// Verifies the result of a task and takes it in.
  private func receive(
    _ result: TaskResult, _ task: StageTask, _ index: Int, _ run: inout StageRun, _ taskCount: Int, _ commit: Commit
  ) throws -> Continuation {
    let report = try decodeReport(result.payload)
    if let changed = report.changed { throw changed }
    if let start = run.rightStart(report, of: task) {
      run.work.reread += 1
      if let split = task.split { knownStarts[split] = start }
      return .again
    }
    if let failure = report.failure { throw cluster.located(failure, on: result.node) }
    if let mismatch = report.mismatch { throw mismatch }
    run.work.add(report, result)
    let output = TaskOutput(
      report: report, slice: result.blocks.first.map { BlockSlice($0) }, origin: task.origin, verbs: task.verbs, wasReused: false)
    run.add(try commit(result, index, taskCount, output), of: index)
    return run.isDone ? .enough : .more
  }

  /// Keeps outputs for later statements.
  private func keep(_ stage: Stage, _ tasks: StageTasks) -> Commit {
    let ids = cacheIDs(stage, tasks)
    return { [self] result, index, _, output in
      unsettled += result.blocks
      guard stage.isRepeatable else {
        // Another statement would have to make other rows.
        superseded += result.blocks
        return output
      }
      let (producer, task) = tasks.place(of: index)
      superseded += cache.remember(output, ids[producer], count: tasks.producers[producer].producer.taskCount, task, tasks.sink(of: index))
      return output
    }
  }

  /// The task with the start of its split, if that is known.
  private func starting(_ task: StageTask) -> StageTask {
    guard !knownStarts.isEmpty, let split = task.split, let start = knownStarts[split], let scan = task.source as? ReadSplit else {
      return task
    }
    var known = task
    known.source = scan.starting(at: start)
    return known
  }

  /// The nodes that take the tasks of a stage in turn. Small blocks are dealt out evenly, whoever is up first; with large ones whoever is done
  /// first gets the next.
  private func roundRobin(_ tasks: StageTasks) -> [NodeIndex] {
    tasks.largestBytes <= Self.smallTaskBytes ? cluster.takers : []
  }

  /// Tasks over so little take no time worth balancing.
  private static let smallTaskBytes = 1 << 20

  private func decodeReport(_ payload: [UInt8]) throws -> TaskReport {
    var reader = ByteReader(payload)
    do {
      return try reader.readTaskReport()
    } catch let failure as DecodingFailure {
      throw Diagnostic(.badReport, "a task's report can't be read: \(failure.reason)")
    }
  }
}

extension StageWork {
  /// Adds what a task did.
  mutating func add(_ report: TaskReport, _ result: TaskResult) {
    let bytes = result.blocks.reduce(0) { $0 + $1.byteCount }
    tasks += 1
    rowsIn += report.rowsScanned
    rowsOut += report.rows
    bytesOut += bytes
    copied += result.ranTwice ? 1 : 0
    movedBytes += result.moved.reduce(0) { $0 + $1.byteCount }
    seconds += result.seconds
    programs += report.programs.named(nodeName(result.node))
    change(nodeName(result.node)) { $0.tasks += 1 }
    for block in result.blocks {
      change(nodeName(block.node)) { share in
        share.blocksMade += 1
        share.bytesMade += block.byteCount
      }
    }
  }

  /// Adds an output that was there already.
  mutating func addReused(_ output: TaskOutput) {
    reused += 1
    guard let block = output.slice?.block else { return }
    change(nodeName(block.node)) { share in
      share.blocksReused += 1
      share.bytesReused += block.byteCount
    }
  }
}

extension RunProgress {
  /// The same as progress of a stage of which some tasks were done before.
  fileprivate func of(total: Int, done: Int) -> RunProgress {
    var progress = self
    progress.totalTasks = total
    progress.finishedTasks += done
    return progress
  }
}
