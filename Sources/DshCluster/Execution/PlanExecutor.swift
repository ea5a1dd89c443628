// Runs plans on the cluster: cuts them into stages, keeps what was computed as cache, and repeats what a dead node took with it.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
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
  public var cancellation: Int32? {
    didSet { cluster.cancellation = cancellation }
  }
  public var progress: ((JobProgress) -> Void)?

  /// Blocks by what made them.
  var cache: [TaskKey: UnitResult] = [:]
  /// For a task's whole block the keys of those that hold its first rows alone.
  var partialResults: [TaskKey: Set<TaskKey>] = [:]
  /// Blocks whose rows are in another block since this statement; they go when it ends.
  var superseded: [BlockLocation] = []
  /// Datasets whose blocks are kept as a whole.
  var kept: [LogicalPlan: KeptDataset] = [:]
  /// Where splits begin whose first record was guessed wrongly before.
  var knownStarts: [SplitPlace: Int] = [:]
  /// Results of this statement that are protected until it ends.
  var unsettled: [BlockLocation] = []
  /// Cached blocks that this statement reads.
  var held: [BlockLocation] = []
  /// The parts of text that this statement has handed over; its further attempts must make the same.
  var deliveredParts: [PartSummary] = []
  public internal(set) var stages: [StageStatistics] = []
  /// What was moved and read in place by this statement, all its attempts and abandoned tasks included.
  public private(set) var moved: [Transfer] = []

  /// A statement is repeated so often when nodes die under it: enough for a row of unlucky deaths, not for a machine that can't hold the data.
  static let attemptLimit = 8

  public init(cluster: Cluster) { self.cluster = cluster }

  /// Runs the parts of one statement: repeats them when blocks were lost, and gives up all protection afterwards.
  public func statement<T>(_ body: () throws -> T) throws -> T {
    let transfersBefore = cluster.transfers()
    let deathsBefore = cluster.deaths.count
    deliveredParts = []
    defer {
      // What is still under way would count later, against nobody.
      cluster.awaitMovements()
      moved = cluster.transfers().since(transfersBefore)
    }
    var attempt = 1
    while true {
      stages = []
      defer { settleAll() }
      do {
        return try body()
      } catch let diagnostic as Diagnostic where diagnostic.code == "block-lost" {
        attempt += 1
        if attempt > Self.attemptLimit { throw tooManyDeaths(diagnostic, cluster.deaths.dropFirst(deathsBefore)) }
      }
    }
  }

  private func tooManyDeaths(_ diagnostic: Diagnostic, _ deaths: ArraySlice<String>) -> Diagnostic {
    var told = diagnostic
    told.message = "nodes died faster than their blocks could be made again: \(diagnostic.message)"
    told.notes.append("tried \(Self.attemptLimit) times; died meanwhile: \(deaths.isEmpty ? "none" : deaths.joined(separator: ", "))")
    return told
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
    try TextLimit.check(pulled)
    let found = results.reduce(0) { $0 + $1.report.rows }
    let isComplete = ranFully && results.allSatisfy(\.report.isComplete)
    return TakenRows(
      rows: Batch.concatenate(pulled.isEmpty ? [Batch.empty(optimized.schema)] : pulled, schema: optimized.schema), parts: parts,
      unitCount: units.count, unitsRun: results.filter { !$0.wasReused }.count, unitsReused: results.filter(\.wasReused).count,
      total: isComplete ? found : nil, more: found > count ? .yes : isComplete ? .no : .maybe)
  }

  /// Rows of blocks that exist, brought to the head.
  public func collect(_ slices: [BlockSlice], schema: Schema) throws -> Batch {
    let context = cluster.headContext()
    let batches = try slices.map { try context.rows(of: $0) }
    try TextLimit.check(batches)
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
    let result: Batch
    do throws(Diagnostic) { result = try groups.finish() } catch { throw error.blamed(on: aggregation) }
    return (result.row(0), units.count, results.filter { !$0.wasReused }.count, results.filter(\.wasReused).count)
  }

  public func optimize(_ plan: LogicalPlan) -> LogicalPlan { Optimizer(without: settings.disabledRules).optimize(plan) }
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
