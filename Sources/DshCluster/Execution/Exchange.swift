// Exchanges: rows meet others of their key. Producers write partitions into their own stores, consumers pull what is theirs.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshStore

/// Partial groups are split so finely that any number of consumers up to it can share them evenly; of large files, more finely.
private let hashPartitionCount = 16
/// More partitions cost every task more than they save.
private let hashPartitionLimit = 1024
/// A consumer of an exchange gets about so many bytes.
private let exchangeTargetBytes = 8 << 20
/// Data is split over more consumers than this only where each would get more than `largestShareBytes`.
private let consumerTarget = 64
/// What a consumer merges in memory; well below the limit of a block, as shares are never quite even.
private let largestShareBytes = 256 << 20

/// How many tasks share the merging of so many bytes.
private func consumerCount(_ totalBytes: Int) -> Int {
  max(1, min(consumerTarget, totalBytes / exchangeTargetBytes), totalBytes / largestShareBytes)
}
/// Keys sampled from each sorted run.
private let samplesPerRun = 64

extension PlanExecutor {
  /// Groups: partial states per unit, then hash partitions pulled from node to node; the result is in order of the keys.
  func aggregated(_ units: [WorkUnit], _ aggregation: Aggregation) throws -> [WorkUnit] {
    let sourceBytes = units.reduce(0) { $0 + $1.sourceBytes }
    let partitionCount = aggregation.keys.isEmpty ? 1 : min(hashPartitionLimit, max(hashPartitionCount, sourceBytes / largestShareBytes))
    let (results, _) = try run(units, sink: .partials(aggregation, partitionCount: partitionCount), stage: "partial groups")
    let totalBytes = results.reduce(0) { $0 + ($1.slice?.location.byteCount ?? 0) }
    let consumers = aggregation.keys.isEmpty ? 1 : min(partitionCount, consumerCount(totalBytes))
    let final = placed(
      (0..<consumers).map { consumer -> WorkUnit in
        let first = consumer * partitionCount / consumers
        let end = (consumer + 1) * partitionCount / consumers
        let slices = results.compactMap { result -> BlockSlice? in
          guard let block = result.slice?.location else { return nil }
          let start = result.report.partitionRows.prefix(first).reduce(0, +)
          let count = result.report.partitionRows.prefix(end).dropFirst(first).reduce(0, +)
          return count > 0 || aggregation.keys.isEmpty ? BlockSlice(block, rows: start..<start + count) : nil
        }
        return WorkUnit(source: .groups(slices, aggregation), steps: [], origin: "agg partition \(consumer)")
      })
    if consumers == 1 { return final }
    // Every consumer's groups are in order, but only among themselves: a range exchange puts all in one order.
    let keys = aggregation.keys.indices.map { SortColumn($0, descending: false) }
    return try sorted(final, schema: aggregation.schema, keys: keys, origin: "agg")
  }

  /// Sorts: a run per unit, then key ranges pulled from node to node and merged.
  func sorted(_ units: [WorkUnit], schema: Schema, keys: [SortColumn], origin: String) throws -> [WorkUnit] {
    let (results, _) = try run(units, sink: .run(keys), stage: "sorted runs")
    let runs = results.compactMap(\.slice?.location).filter { $0.rows > 0 }
    let totalBytes = runs.reduce(0) { $0 + $1.byteCount }
    let consumers = consumerCount(totalBytes)
    guard consumers > 1 else {
      let slices = runs.map { BlockSlice($0) }
      return slices.isEmpty
        ? [] : placed([WorkUnit(source: .runs(slices, schema, keys), steps: [], origin: origin)])
    }
    let context = cluster.headContext()
    // Keys are sampled, and boundaries searched for, where they lie; nothing is copied.
    let batches = try runs.map { try context.batchInPlace(of: $0) }
    let samples = batches.flatMap { run in
      let sampled = RangePartitioning.sampleKeys(run, keys: keys, count: samplesPerRun)
      return sampled.map { (values: $0, weight: Double(run.rowCount) / Double(sampled.count)) }
    }
    let boundaries = RangePartitioning.chooseBoundaries(
      samples, types: keys.map { schema[$0.index].type }, keys: keys, partitions: consumers)
    let points = batches.map { run in
      [0] + RangePartitioning.partitionPoints(run, keys: keys, boundaries: boundaries) + [run.rowCount]
    }
    return placed(
      (0...boundaries.count).compactMap { partition -> WorkUnit? in
        let slices = zip(runs, points).compactMap { run, points in
          points[partition] < points[partition + 1] ? BlockSlice(run, rows: points[partition]..<points[partition + 1]) : nil
        }
        guard !slices.isEmpty else { return nil }
        return WorkUnit(source: .runs(slices, schema, keys), steps: [], origin: "\(origin) range \(partition)")
      })
  }

  /// Gives each consumer of an exchange the node that holds most of its rows, so that few move; but no node more than its share of consumers.
  private func placed(_ units: [WorkUnit]) -> [WorkUnit] {
    let nodes = cluster.takers
    guard !nodes.isEmpty else { return units }
    let share = (units.count + nodes.count - 1) / nodes.count
    var counts: [NodeIndex: Int] = [:]
    return units.map { unit in
      var bytes = Dictionary(uniqueKeysWithValues: nodes.map { ($0, 0) })
      for slice in unit.slices where bytes[slice.location.node] != nil {
        bytes[slice.location.node, default: 0] += slice.estimatedBytes
      }
      let free = bytes.filter { counts[$0.key, default: 0] < share }
      let chosen = free.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
      if let chosen { counts[chosen, default: 0] += 1 }
      var placed = unit
      placed.preferredNode = chosen
      return placed
    }
  }
}
