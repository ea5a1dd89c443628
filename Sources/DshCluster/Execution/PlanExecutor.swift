// Runs plans on the cluster: cuts them into stages, keeps what was computed as cache, and repeats what a dead node took with it.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshStore
import DshSystem

/// Settings of the executor that change speed and placement, never rows.
public struct ExecutionSettings: Sendable {
  public var batchRows = 8192
  /// Names of rules that are switched off.
  public var disabledRules: Set<String> = []

  public init() {}
}

/// Runs plans, one at a time, on the thread that owns the cluster.
public final class PlanExecutor {
  public let cluster: Cluster
  public var settings = ExecutionSettings()
  /// Gets readable when the running statement shall be cancelled.
  public var cancellation: Int32?
  public var progress: ((JobProgress) -> Void)?

  /// Blocks by what made them.
  var cache: [TaskKey: UnitResult] = [:]
  /// For a task's whole block the keys of those that hold its first rows alone.
  var partialResults: [TaskKey: Set<TaskKey>] = [:]
  /// Blocks whose rows are in another block since this statement; they go when it ends.
  var superseded: [BlockLocation] = []
  /// Datasets whose blocks are kept as a whole.
  var kept: [LogicalPlan: KeptDataset] = [:]
  /// Results of this statement that are protected until it ends.
  var unsettled: [BlockLocation] = []
  /// Cached blocks that this statement reads.
  var held: [BlockLocation] = []
  public internal(set) var stages: [StageStatistics] = []
  /// What tasks moved and read in place during this statement, by destination.
  public internal(set) var moved: [Transfer] = []

  /// A statement is repeated so often when nodes die under it.
  static let attemptLimit = 3

  public init(cluster: Cluster) { self.cluster = cluster }

  /// Runs the parts of one statement: repeats them when blocks were lost, and gives up all protection afterwards.
  public func statement<T>(_ body: () throws -> T) throws -> T {
    var attempt = 1
    while true {
      stages = []
      moved = []
      do {
        let result = try body()
        settleAll()
        return result
      } catch let diagnostic as Diagnostic where diagnostic.code == "block-lost" && attempt < Self.attemptLimit {
        settleAll()
        attempt += 1
      } catch {
        settleAll()
        throw error
      }
    }
  }

  private func settleAll() {
    cluster.settle(unsettled, as: .cached)
    cluster.release(held)
    cluster.settle(superseded, as: .freed)
    unsettled = []
    held = []
    superseded = []
  }

  // MARK: Actions

  /// The first rows of a plan, brought to the head; the second value tells whether surely, possibly or surely not more follow.
  public func take(_ plan: LogicalPlan, count: Int) throws -> TakenRows {
    let optimized = optimize(plan)
    let needed = count
    let units = try prepare(optimized)
    let (results, ranFully) = try run(units, sink: .block(limit: needed), stopAfterRows: needed, passesBlocks: true, stage: "take")
    let context = cluster.headContext()
    var pulled: [Batch] = []
    var parts: [TakenPart] = []
    var remaining = count
    for (index, result) in results.enumerated() {
      guard remaining > 0, let slice = result.slice, result.report.rows > 0 else { continue }
      let rows = min(remaining, result.report.rows)
      let before = context.tally.moved.reduce(0) { $0 + $1.byteCount }
      pulled.append(try context.rows(of: slice.prefix(rows)))
      let bytes = context.tally.moved.reduce(0) { $0 + $1.byteCount } - before
      parts.append(
        TakenPart(block: index, node: nodeName(slice.location.node), rows: rows, movedBytes: bytes, blockBytes: slice.location.byteCount))
      remaining -= rows
    }
    noteMoved(context, to: 0)
    let found = results.reduce(0) { $0 + $1.report.rows }
    let isComplete = ranFully && results.allSatisfy(\.report.isComplete)
    return TakenRows(
      rows: Batch.concatenate(pulled.isEmpty ? [Batch.empty(optimized.schema)] : pulled, schema: optimized.schema), parts: parts,
      unitCount: units.count, unitsRun: results.filter { !$0.wasReused }.count, unitsReused: results.filter(\.wasReused).count,
      total: isComplete ? found : nil, more: found > count ? .yes : isComplete ? .no : .maybe)
  }

  /// The last rows of a plan whose blocks all exist; used by `show`.
  public func collect(_ slices: [BlockSlice], schema: Schema) throws -> Batch {
    let context = cluster.headContext()
    let batches = try slices.map { try context.rows(of: $0) }
    noteMoved(context, to: 0)
    return Batch.concatenate(batches.isEmpty ? [Batch.empty(schema)] : batches, schema: schema)
  }

  /// Computes all blocks of a plan; they are protected until the statement ends. `passesBlocks` lets rows that are in blocks already stay there.
  public func blocks(of plan: LogicalPlan, passesBlocks: Bool = true, stage: String = "blocks") throws -> ComputedBlocks {
    let optimized = optimize(plan)
    let units = try prepare(optimized)
    let (results, _) = try run(units, sink: .block(limit: nil), passesBlocks: passesBlocks, stage: stage)
    return ComputedBlocks(
      schema: optimized.schema,
      blocks: results.compactMap { result in
        result.slice.map { ComputedBlock(slice: $0, origin: result.origin, wasReused: result.wasReused) }
      })
  }

  /// A global aggregation whose partial states are brought to the head and merged there: one row.
  public func aggregate(_ plan: LogicalPlan, _ calls: [AggregateCall]) throws -> (values: [Value], unitCount: Int, run: Int, reused: Int) {
    // Optimized as a whole, so that only the columns of the arguments are read.
    guard case .aggregate(let input, let aggregation) = optimize(.aggregate(plan, Aggregation(keys: [], aggregates: calls))) else {
      preconditionFailure("rules keep an aggregation on top")
    }
    let units = try prepare(input)
    let (results, _) = try run(units, sink: .partials(aggregation, partitionCount: 1), stage: "partial aggregates")
    let context = cluster.headContext()
    let groups = try GroupedAggregator(aggregation)
    for result in results { if let slice = result.slice { groups.merge(try context.rows(of: slice)) } }
    noteMoved(context, to: 0)
    return (try groups.finish().row(0), units.count, results.filter { !$0.wasReused }.count, results.filter(\.wasReused).count)
  }

  /// Computes a plan as text in a format and hands the parts over in order; each part's memory is given back before the next ones are asked for.
  public func text(_ plan: LogicalPlan, format: String, part: @escaping (UnsafeRawBufferPointer, _ rows: Int) throws -> Void) throws -> (
    units: Int, rows: Int, bytes: Int
  ) {
    let units = try prepare(optimize(plan))
    let context = cluster.headContext()
    var rows = 0
    var bytes = 0
    var failure: (any Error)?
    let tasks = units.map { unit in task(unit, .text(format: format)) }
    // Twice as many parts as can be made at once may wait for their turn, so that writing does not grow the stores.
    let window = max(2, cluster.nodes().reduce(0) { $0 + $1.slots } * 2)
    var verifier = ScanVerifier()
    var reports: [PipelineReport] = []
    var start = 0
    while start < tasks.count {
      let first = start
      var retry: Int?
      let receive = { [self] (result: TaskResult) throws(Diagnostic) -> Continuation in
        defer { cluster.settle(result.blocks, as: .freed) }
        do {
          let report = try decodeReport(result.payload)
          try check(report, of: tasks[first + result.index].unit)
          guard verifier.accepts(report, of: tasks[first + result.index].unit) else {
            retry = first + result.index
            return .enough
          }
          noteMoved(result)
          for location in result.blocks {
            let block = try context.bytes(of: location)
            context.countReadInPlace(block.bytes.count, of: block)
            try part(block.bytes, report.rows)
            bytes += block.bytes.count
          }
          rows += report.rows
          verifier.note(report, of: tasks[first + result.index].unit)
          reports.append(report)
          start = first + result.index + 1
        } catch {
          failure = error
          return .enough
        }
        return .more
      }
      let set = TaskSet(tasks[first...].map { TaskSet.Task(payload: $0.payload, preferredNode: $0.unit.preferredNode) }, window: window)
      do throws(Diagnostic) {
        _ = try cluster.run(set, cancellation: cancellation, receive: receive, progress: progress)
      } catch {
        let isGuess = start < tasks.count && verifier.isGuess(tasks[start].unit) && verifier.expectedStart(of: tasks[start].unit) != nil
        guard error.category == .user, isGuess else {
          throw start < tasks.count ? blame(error, unit: tasks[start].unit, reportsBefore: reports) : error
        }
        retry = start
      }
      if let failure { throw failure }
      if let retry {
        _ = try runExactly(tasks[retry].unit, sink: .text(format: format), from: verifier.expectedStart(of: tasks[retry].unit)) {
          result, report in
          defer { self.cluster.settle(result.blocks, as: .freed) }
          verifier.note(report, of: tasks[retry].unit)
          reports.append(report)
          for location in result.blocks {
            let block = try context.bytes(of: location)
            context.countReadInPlace(block.bytes.count, of: block)
            try part(block.bytes, report.rows)
            bytes += block.bytes.count
          }
          rows += report.rows
        }
        start = retry + 1
      }
    }
    noteMoved(context, to: 0)
    return (units.count, rows, bytes)
  }

  public func optimize(_ plan: LogicalPlan) -> LogicalPlan { Optimizer(without: settings.disabledRules).optimize(plan) }

  // MARK: Counting

  /// Adds what the head pulled or read during a statement.
  func noteMoved(_ context: TaskContext, to node: NodeIndex) {
    add(context.tally.moved, context.tally.mapped, to: node)
  }

  func noteMoved(_ result: TaskResult) { add(result.moved, result.mapped, to: result.node) }

  private func add(_ movedParts: [Movement], _ mappedParts: [Movement], to node: NodeIndex) {
    for part in movedParts { addTransfer(from: part.from, to: node, moved: part.byteCount, mapped: 0) }
    for part in mappedParts { addTransfer(from: part.from, to: node, moved: 0, mapped: part.byteCount) }
  }

  private func addTransfer(from: NodeIndex, to: NodeIndex, moved bytes: Int, mapped: Int) {
    if let index = moved.firstIndex(where: { $0.from == from && $0.to == to }) {
      moved[index] = Transfer(
        from: from, to: to, movedBytes: moved[index].movedBytes + bytes, mappedBytes: moved[index].mappedBytes + mapped)
    } else {
      moved.append(Transfer(from: from, to: to, movedBytes: bytes, mappedBytes: mapped))
    }
  }
}

/// Rows brought to the head by `take`.
public struct TakenRows: Sendable {
  public enum More: Sendable { case yes, no, maybe }

  public var rows: Batch
  public var parts: [TakenPart]
  public var unitCount: Int
  public var unitsRun: Int
  public var unitsReused: Int
  /// All rows of the dataset, if its end was reached.
  public var total: Int?
  public var more: More
}

/// Rows taken from one block.
public struct TakenPart: Sendable {
  public var block: Int
  public var node: String
  public var rows: Int
  public var movedBytes: Int
  public var blockBytes: Int
}

/// Blocks that exist now.
public struct ComputedBlocks: Sendable {
  public var schema: Schema
  public var blocks: [ComputedBlock]

  public var rows: Int { blocks.reduce(0) { $0 + $1.slice.rows.count } }
  public var bytes: Int { blocks.reduce(0) { $0 + $1.location.byteCount } }
}

public struct ComputedBlock: Sendable {
  public var slice: BlockSlice
  public var origin: String
  public var wasReused: Bool

  public var location: BlockLocation { slice.location }
}
