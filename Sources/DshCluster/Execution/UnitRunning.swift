// Runs units: reuses blocks that are still there, verifies that splits of a file join up, and notes what moved.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan
import DshStore

/// A unit with its task made ready.
struct UnitTask {
  var unit: WorkUnit
  var description: TaskDescription
  var payload: [UInt8]

  /// Batches may be cut differently without changing a result, so their size is left out.
  var key: TaskKey {
    var keyed = description
    keyed.batchRows = 0
    keyed.sink = .block(limit: nil)
    var writer = ByteWriter()
    writer.write(keyed)
    return TaskKey(task: writer.bytes, sink: description.sink, fileVersion: unit.fileVersion)
  }
}

/// Splits whose first record was guessed wrongly, with the right place, so that no statement guesses wrong again.
struct SplitPlace: Hashable {
  let path: String
  let version: FileVersion
  let start: Int
}

extension PlanExecutor {
  func task(_ unit: WorkUnit, _ sink: TaskSink) -> UnitTask {
    let description = TaskDescription(source: unit.source, steps: unit.steps, sink: sink, batchRows: settings.batchRows)
    var sent = description
    if case .file(let scan, let columns, let names) = unit.source, let start = unit.exactStart {
      sent.source = .file(scan.starting(at: start), columns: columns, names: names)
    }
    var writer = ByteWriter()
    writer.write(sent)
    return UnitTask(unit: unit, description: description, payload: writer.bytes)
  }

  /// Runs units in order and gives their results in order.
  ///
  /// - Parameters:
  ///   - stopAfterRows: the units are run a wave at a time, and no more once so many rows are there.
  ///   - passesBlocks: a unit that is nothing but rows of a block is its own result, and no task runs for it.
  /// - Returns: the results, and whether all units are among them.
  func run(
    _ units: [WorkUnit], sink: TaskSink, stopAfterRows: Int? = nil, passesBlocks: Bool = false, stage name: String
  ) throws -> (results: [UnitResult], ranFully: Bool) {
    try run(units.map { task($0, sink) }, stopAfterRows: stopAfterRows, passesBlocks: passesBlocks, stage: name)
  }

  /// Runs tasks in order and gives their results in order.
  func run(
    _ tasks: [UnitTask], stopAfterRows: Int? = nil, passesBlocks: Bool = false, stage name: String
  ) throws -> (results: [UnitResult], ranFully: Bool) {
    var known = try reuse(tasks)
    if passesBlocks { for index in tasks.indices { known[index] = known[index] ?? tasks[index].unit.ownResult } }
    let stage = StageRun(name: name, tasks: tasks, known: known, stopAfterRows: stopAfterRows)
    defer { stages.append(stage.statistics) }
    try run(stage, window: stopAfterRows == nil ? nil : max(1, slots)) { [self] result, report in
      unsettled += result.blocks
      let task = stage.tasks[stage.next]
      let made = UnitResult(
        report: report, slice: result.blocks.first.map { BlockSlice($0) }, origin: task.unit.origin, verbs: task.unit.verbs,
        wasReused: false)
      remember(task, made)
      return made
    }
    let done = stage.results.prefix(stage.next).compactMap { $0 }
    for result in done where result.wasReused {
      stage.statistics.tasksReused += 1
      stage.statistics.irregular += result.report.irregular
      if let block = result.slice?.location {
        stage.statistics.reusedByNode[nodeName(block.node), default: StoredShare()].add(block)
      }
    }
    return (done, stage.next == tasks.count)
  }

  /// Tasks that all nodes together run at once.
  var slots: Int { cluster.nodes().reduce(0) { $0 + $1.slots } }

  /// Runs the tasks of a stage that have no result yet. Every result is verified, in order, before it counts: a split that does not begin where
  /// the one before it ends is read again from there, while the others go on.
  ///
  /// - Parameter accept: makes the result of the task `stage.next` of what its task gave back.
  func run(_ stage: StageRun, window: Int?, accept: @escaping (TaskResult, PipelineReport) throws -> UnitResult) throws {
    stage.advance()
    guard !stage.isDone else { return }
    let missing = stage.missing
    var failure: (any Error)?
    let nodes = roundRobinNodes(stage, missing)
    let set = TaskSet(
      missing.enumerated().map { position, index in
        let task = stage.tasks[index]
        return TaskSet.Task(
          payload: task.payload, preferredNode: task.unit.preferredNode ?? (nodes.isEmpty ? nil : nodes[position % nodes.count]),
          readsBlocks: task.description.readsBlocks)
      }, window: window)
    let receive = { [self] (result: TaskResult) throws(Diagnostic) -> Continuation in
      let index = missing[result.index]
      let task = stage.tasks[index]
      do {
        let report = try decodeReport(result.payload)
        if let path = report.changedPath { throw FileChanged(path: path) }
        stage.advance()
        if let start = stage.rightStart(report, of: task.unit) {
          cluster.settle(result.blocks, as: .freed)
          stage.statistics.splitsReread += 1
          if let place = task.unit.place { knownStarts[place] = start }
          stage.tasks[index].unit.exactStart = start
          return .again(payload: self.task(stage.tasks[index].unit, task.description.sink).payload)
        }
        if let failure = report.failure { throw failure }
        if let mismatch = report.mismatch { throw mismatch }
        stage.statistics.add(report, result, bytes: result.blocks.reduce(0) { $0 + $1.byteCount })
        stage.results[index] = try accept(result, report)
        stage.advance()
      } catch {
        failure = error
        return .enough
      }
      return stage.isDone ? .enough : .more
    }
    do {
      do throws(Diagnostic) {
        _ = try cluster.run(set, receive: receive, progress: progress)
      } catch { throw error }
      if let failure { throw failure }
    } catch let diagnostic as Diagnostic {
      stage.advance()
      guard stage.next < stage.tasks.count else { throw diagnostic }
      throw diagnostic.blamed(
        on: stage.tasks[stage.next], reportsBefore: stage.results.prefix(stage.next).compactMap { $0?.report })
    }
  }

  /// The nodes that take the tasks of a stage in turn. Small blocks are dealt out evenly, whoever is up first; with large ones whoever is done
  /// first gets the next.
  private func roundRobinNodes(_ stage: StageRun, _ indexes: [Int]) -> [NodeIndex] {
    let isSmall = indexes.allSatisfy {
      stage.tasks[$0].unit.preferredNode == nil && stage.tasks[$0].unit.sourceBytes <= Self.smallTaskBytes
    }
    return isSmall ? cluster.takers : []
  }

  /// Tasks over so little take no time worth balancing.
  private static let smallTaskBytes = 1 << 20

  func decodeReport(_ payload: [UInt8]) throws -> PipelineReport {
    var reader = ByteReader(payload)
    do {
      return try reader.readReport()
    } catch let failure as DecodingFailure {
      throw Diagnostic("bad-report", .bug, "a task's report can't be read: \(failure.reason)")
    }
  }

  // MARK: Cache

  /// Results of earlier runs whose blocks are still there; they are held for this statement.
  private func reuse(_ tasks: [UnitTask]) throws -> [UnitResult?] {
    if cache.isEmpty { return Array(repeating: nil, count: tasks.count) }
    var found = tasks.map { task -> UnitResult? in
      guard var result = cache[task.key] ?? wholeResult(for: task) else { return nil }
      result.wasReused = true
      result.origin = task.unit.origin
      return result
    }
    let locations = found.compactMap { $0?.slice?.location }
    guard !locations.isEmpty else { return found }
    let missing = Set(try cluster.hold(locations))
    held += locations.filter { !missing.contains($0.id) }
    for index in found.indices {
      guard let block = found[index]?.slice?.location else { continue }
      guard missing.contains(block.id) else { continue }
      cache[tasks[index].key] = nil
      found[index] = nil
    }
    return found
  }

  /// A task that wants some rows may use a block that was made whole.
  private func wholeResult(for task: UnitTask) -> UnitResult? {
    var whole = task.key
    whole.sink = .block(limit: nil)
    switch task.description.sink {
    case .block(_?), .ends: return cache[whole]
    case .rows(let wanted):
      guard var result = cache[whole], let slice = result.slice else { return nil }
      let part = wanted.clamped(to: 0..<slice.rows.count)
      result.slice = slice.part(part)
      result.report.rows = part.count
      return result
    case .block, .partials, .run, .text, .count: return nil
    }
  }

  /// Keeps a result for later statements; a limited one that reached its end counts as whole.
  private func remember(_ task: UnitTask, _ result: UnitResult?) {
    guard let result else { return }
    guard case .block(let limit) = task.key.sink else {
      cache[task.key] = result
      return
    }
    var whole = task.key
    whole.sink = .block(limit: nil)
    if limit != nil, !result.report.isComplete {
      cache[task.key] = result
      partialResults[whole, default: []].insert(task.key)
      return
    }
    cache[whole] = result
    // Parts of it that earlier limits asked for are in memory twice now.
    for part in partialResults.removeValue(forKey: whole) ?? [] {
      if let block = cache.removeValue(forKey: part)?.slice?.location { superseded.append(block) }
    }
  }

  /// Forgets cached blocks that are gone.
  public func forgetLostBlocks() {
    cache = cache.filter { entry in entry.value.slice.map { cluster.contains($0.location) } ?? true }
    partialResults = partialResults.compactMapValues { parts in
      let left = parts.filter { cache[$0] != nil }
      return left.isEmpty ? nil : left
    }
  }
}

extension WorkUnit {
  /// The split it reads.
  var place: SplitPlace? {
    guard let fileVersion, case .file(let scan, _, _) = source else { return nil }
    return SplitPlace(path: scan.path, version: fileVersion, start: scan.bytes.lowerBound)
  }

  /// The result of a unit that is nothing but rows of a block.
  var ownResult: UnitResult? {
    guard case .block(let slice) = source, steps.isEmpty else { return nil }
    var report = PipelineReport()
    report.rows = slice.rows.count
    return UnitResult(report: report, slice: slice, origin: origin, verbs: verbs, wasReused: true)
  }
}

extension StageStatistics {
  mutating func add(_ report: PipelineReport, _ result: TaskResult, bytes: Int) {
    tasksRun += 1
    rowsScanned += report.rowsScanned
    bytesScanned += report.bytesScanned
    irregular += report.irregular
    rowsOut += report.rows
    bytesOut += bytes
    movedBytes += result.moved.reduce(0) { $0 + $1.byteCount }
    seconds += result.seconds
    tasksByNode[nodeName(result.node), default: 0] += 1
    for block in result.blocks { madeByNode[nodeName(block.node), default: StoredShare()].add(block) }
  }
}

/// A stage under way: its tasks, and the results that are known and verified so far.
final class StageRun {
  var tasks: [UnitTask]
  var results: [UnitResult?]
  var statistics: StageStatistics
  /// All tasks before it have verified results.
  private(set) var next = 0
  private let stopAfterRows: Int?
  private var rows = 0
  /// The end of the last verified split, by file.
  private var ends: [Int: Int] = [:]

  init(name: String, tasks: [UnitTask], known: [UnitResult?], stopAfterRows: Int? = nil) {
    self.tasks = tasks
    results = known
    self.stopAfterRows = stopAfterRows
    statistics = StageStatistics(name: name)
    statistics.tasksTotal = tasks.count
  }

  /// Whether no more results are wanted.
  var isDone: Bool { next == tasks.count || stopAfterRows.map { rows >= $0 } ?? false }

  /// The tasks that have no result.
  var missing: [Int] { (next..<tasks.count).filter { results[$0] == nil } }

  /// Takes over results in order as far as they are known.
  func advance() {
    while !isDone, let result = results[next] {
      if let version = tasks[next].unit.fileVersion, let range = result.report.scanRange, result.report.isComplete {
        ends[version.file] = range.upperBound
      }
      rows += result.report.rowsOut
      next += 1
    }
  }

  /// Where a split has to begin, if it did not: each must begin where the one before it ends. The first of a file always begins right.
  func rightStart(_ report: PipelineReport, of unit: WorkUnit) -> Int? {
    guard let version = unit.fileVersion, version.split > 0, unit.exactStart == nil, let range = report.scanRange,
      case .file(let scan, _, _) = unit.source, !scan.startIsExact, let expected = ends[version.file]
    else { return nil }
    return expected == range.lowerBound ? nil : expected
  }
}
