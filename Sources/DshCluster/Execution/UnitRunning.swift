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

extension PlanExecutor {
  func task(_ unit: WorkUnit, _ sink: TaskSink) -> UnitTask {
    let description = TaskDescription(source: unit.source, steps: unit.steps, sink: sink, batchRows: settings.batchRows)
    var writer = ByteWriter()
    writer.write(description)
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
    var statistics = StageStatistics(name: name)
    defer { stages.append(statistics) }
    let tasks = units.map { task($0, sink) }
    statistics.tasksTotal = tasks.count
    var results = reuse(tasks)
    if passesBlocks { for index in units.indices { results[index] = results[index] ?? units[index].ownResult } }
    var verifier = ScanVerifier()
    var rows = 0
    var next = 0
    /// Takes over results in order as far as they are known.
    func advance() {
      while next < tasks.count, let result = results[next], stopAfterRows.map({ rows < $0 }) ?? true {
        verifier.note(result.report, of: tasks[next].unit)
        rows += result.report.rows
        next += 1
      }
    }
    advance()
    while next < tasks.count, stopAfterRows.map({ rows < $0 }) ?? true {
      let stretch = (next..<tasks.count).filter { results[$0] == nil }
      var retry: Int?
      var failure: (any Error)?
      let set = TaskSet(
        stretch.map { TaskSet.Task(payload: tasks[$0].payload, preferredNode: tasks[$0].unit.preferredNode) },
        window: stopAfterRows == nil ? nil : max(1, cluster.nodes().reduce(0) { $0 + $1.slots }))
      let receive = { [self] (result: TaskResult) throws(Diagnostic) -> Continuation in
        let index = stretch[result.index]
        do {
          let report = try decodeReport(result.payload)
          unsettled += result.blocks
          noteMoved(result)
          statistics.add(report, result, bytes: result.blocks.reduce(0) { $0 + $1.byteCount })
          advance()
          // Results come in order, so the splits before it are known: does this one begin where they end?
          guard verifier.accepts(report, of: tasks[index].unit) else {
            retry = index
            return .enough
          }
          try check(report, of: tasks[index].unit)
          results[index] = UnitResult(
            report: report, slice: result.blocks.first.map { BlockSlice($0) }, origin: tasks[index].unit.origin,
            verbs: tasks[index].unit.verbs, wasReused: false)
          remember(tasks[index], results[index])
          advance()
        } catch {
          failure = error
          return .enough
        }
        if let stopAfterRows, rows >= stopAfterRows { return .enough }
        return .more
      }
      do throws(Diagnostic) {
        _ = try cluster.run(set, cancellation: cancellation, receive: receive, progress: progress)
      } catch {
        let diagnostic = error
        // A split that was guessed wrongly may fail for that reason alone: it is tried again from where the one before it ends.
        advance()
        guard diagnostic.category == .user, next < tasks.count, verifier.isGuess(tasks[next].unit),
          verifier.expectedStart(of: tasks[next].unit) != nil
        else {
          throw next < tasks.count
            ? blame(diagnostic, unit: tasks[next].unit, reportsBefore: results.prefix(next).compactMap { $0?.report }) : diagnostic
        }
        retry = next
      }
      if let failure { throw failure }
      if let index = retry {
        let unit = tasks[index].unit
        do {
          try runExactly(unit, sink: sink, from: verifier.expectedStart(of: unit)) { result, report in
            unsettled += result.blocks
            statistics.add(report, result, bytes: result.blocks.reduce(0) { $0 + $1.byteCount })
            results[index] = UnitResult(
              report: report, slice: result.blocks.first.map { BlockSlice($0) }, origin: unit.origin, verbs: unit.verbs, wasReused: false)
            remember(tasks[index], results[index])
          }
        } catch let diagnostic as Diagnostic {
          throw blame(diagnostic, unit: unit, reportsBefore: results.prefix(index).compactMap { $0?.report })
        }
        advance()
      }
    }
    let done = results.prefix(next).compactMap { $0 }
    for result in done where result.wasReused {
      statistics.tasksReused += 1
      if let block = result.slice?.location { statistics.reusedByNode[nodeName(block.node), default: StoredShare()].add(block) }
    }
    return (done, next == tasks.count)
  }

  /// Runs one split again from the exact offset.
  func runExactly(
    _ unit: WorkUnit, sink: TaskSink, from start: Int?, receive: (TaskResult, PipelineReport) throws -> Void
  ) throws {
    var unit = unit
    if case .csv(var scan, let columns, let names) = unit.source, let start {
      scan.start = start
      scan.startIsExact = true
      // A record can be longer than a split: then nothing begins in it.
      scan.end = max(scan.end, start)
      unit.source = .csv(scan, columns: columns, names: names)
    }
    let ready = task(unit, sink)
    let job = try cluster.run(
      TaskSet([TaskSet.Task(payload: ready.payload, preferredNode: unit.preferredNode)]), cancellation: cancellation, progress: progress)
    for result in job.results {
      noteMoved(result)
      let report = try decodeReport(result.payload)
      try check(report, of: unit)
      try receive(result, report)
    }
  }

  func decodeReport(_ payload: [UInt8]) throws -> PipelineReport {
    var reader = ByteReader(payload)
    do {
      return try reader.readReport()
    } catch let failure as DecodingFailure {
      throw Diagnostic("bad-report", .bug, "a task's report can't be read: \(failure.reason)")
    }
  }

  /// Throws if the task met cells that don't fit the types found by sampling.
  func check(_ report: PipelineReport, of unit: WorkUnit) throws {
    guard !report.surprises.isEmpty, case .csv(let scan, _, _) = unit.source else { return }
    throw SchemaSurprise(
      columns: report.surprises.map { (scan.path, $0.column, scan.schema[$0.column].name, $0.type, $0.text, $0.byteOffset) })
  }

  /// An error of a row with the row's number in the dataset: all units before the failing one are done, so their rows are known.
  func blame(_ diagnostic: Diagnostic, unit: WorkUnit, reportsBefore: [PipelineReport]) -> Diagnostic {
    guard let place = diagnostic.row else { return diagnostic }
    let before = reportsBefore.reduce(0) { $0 + (place.step < $1.stepRows.count ? $1.stepRows[place.step] : 0) }
    let (row, overflow) = before.addingReportingOverflow(place.row)
    let isFiltered = unit.steps.prefix(place.step).contains { if case .filter = $0 { true } else { false } }
    var blamed = diagnostic
    blamed.row = nil
    if !overflow { blamed.notes.insert("in row \(grouped(row &+ 1))\(isFiltered ? " of those that pass the filter" : "")", at: 0) }
    return blamed
  }

  // MARK: Cache

  /// Results of earlier runs whose blocks are still there; they are held for this statement.
  private func reuse(_ tasks: [UnitTask]) -> [UnitResult?] {
    if cache.isEmpty { return Array(repeating: nil, count: tasks.count) }
    var found = tasks.map { task -> UnitResult? in
      if let exact = cache[task.key] { return exact }
      // A limited task may use a block that was made whole.
      guard case .block(_?) = task.description.sink else { return nil }
      var whole = task.key
      whole.sink = .block(limit: nil)
      return cache[whole]
    }
    let locations = found.compactMap { $0?.slice?.location }
    guard !locations.isEmpty else { return found }
    let missing = Set(cluster.hold(locations))
    held += locations.filter { !missing.contains($0.id) }
    for index in found.indices {
      guard let block = found[index]?.slice?.location else { continue }
      if missing.contains(block.id) {
        cache[tasks[index].key] = nil
        found[index] = nil
      } else {
        found[index]?.wasReused = true
        found[index]?.origin = tasks[index].unit.origin
      }
    }
    return found
  }

  /// Keeps a result for later statements; a limited one that reached its end counts as whole.
  private func remember(_ task: UnitTask, _ result: UnitResult?) {
    guard let result, result.slice != nil else { return }
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
    cache = cache.filter { entry in entry.value.slice.map { cluster.contains($0.location) } ?? false }
    partialResults = partialResults.compactMapValues { parts in
      let left = parts.filter { cache[$0] != nil }
      return left.isEmpty ? nil : left
    }
  }
}

extension WorkUnit {
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
    rowsOut += report.rows
    bytesOut += bytes
    movedBytes += result.moved.reduce(0) { $0 + $1.byteCount }
    seconds += result.seconds
    tasksByNode[nodeName(result.node), default: 0] += 1
    for block in result.blocks { madeByNode[nodeName(block.node), default: StoredShare()].add(block) }
  }
}

/// Follows the splits of each file in order: each must begin where the one before it ended.
struct ScanVerifier {
  /// The end of the last verified split, by file.
  private var ends: [Int: Int] = [:]

  /// Whether a split began at the right place; the first of a file always does.
  mutating func accepts(_ report: PipelineReport, of unit: WorkUnit) -> Bool {
    guard let version = unit.fileVersion, let range = report.scanRange else { return true }
    if version.split > 0, isGuess(unit), let expected = ends[version.file], expected != range.lowerBound { return false }
    return true
  }

  /// Takes over a verified split.
  mutating func note(_ report: PipelineReport, of unit: WorkUnit) {
    guard let version = unit.fileVersion, let range = report.scanRange else { return }
    ends[version.file] = range.upperBound
  }

  func isGuess(_ unit: WorkUnit) -> Bool {
    if case .csv(let scan, _, _) = unit.source { return !scan.startIsExact }
    return false
  }

  /// Where the split must begin, if the one before it is known.
  func expectedStart(of unit: WorkUnit) -> Int? { unit.fileVersion.flatMap { ends[$0.file] } }
}
