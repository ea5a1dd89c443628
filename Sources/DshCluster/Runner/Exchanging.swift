// What each consumer of an exchange pulls: partitions by hash, or ranges of the keys that samples have chosen.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshPlanner
import DshStore

/// Keys sampled from each sorted run.
private let samplesPerRun = 64

extension GraphRunner {
  /// The consumers of an exchange; what its producers make is there afterwards. How many there are depends on bytes: a small result is not spread out
  /// at all.
  func consumers(of exchange: Exchange) throws -> BranchTasks {
    let outputs = try run(exchange.from).verified
    intermediates.use(outputs.compactMap { $0.slice?.block })
    switch exchange.method {
    case .hash(let partitions): return byHash(outputs, exchange, partitions)
    case .ranges(let keys): return try byRange(outputs, exchange, keys)
    case .single: return bySingle(outputs, exchange)
    case .partitions(let count): return byHash(outputs, exchange, count, consumers: count)
    }
  }

  private func bySingle(_ outputs: [TaskOutput], _ exchange: Exchange) -> BranchTasks {
    var share = ConsumerShare(origin: exchange.origin)
    for (producer, output) in outputs.enumerated() {
      if let slice = output.slice, !slice.rows.isEmpty { share.add(slice, of: producer) }
    }
    return share.slices.isEmpty ? BranchTasks([]) : placed([share], exchange.consumer)
  }

  /// - Parameter consumers: how many there are; nil for as many as the bytes need. Those that nobody asked for may find nothing.
  private func byHash(_ outputs: [TaskOutput], _ exchange: Exchange, _ partitions: Int, consumers wanted: Int? = nil) -> BranchTasks {
    let totalBytes = outputs.reduce(0) { $0 + ($1.slice?.block.byteCount ?? 0) }
    let share = shareBytes(of: exchange.consumer.workingShares)
    let consumers = wanted ?? min(partitions, ExchangeSizing.consumers(ofBytes: totalBytes, shareBytes: share))
    // The rows of each producer before each partition.
    let starts = outputs.map { output in output.report.partitionRows.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) } }
    let ranges =
      wanted != nil || exchange.consumer.needsEvenPartitions
      ? HashRanges.even(partitions, consumers: consumers)
      : HashRanges.balanced(
        rows: HashRanges.rows(of: partitions, outputs.map(\.report.partitionRows)), totalBytes: totalBytes, shareBytes: share,
        consumers: consumers)
    return placed(
      ranges.enumerated().compactMap { consumer, range in
        let (first, end) = (range.lowerBound, range.upperBound)
        var share = ConsumerShare(origin: "\(exchange.origin) partition \(consumer)", partitions: range)
        for (producer, output) in outputs.enumerated() {
          guard let block = output.slice?.block else { continue }
          let last = starts[producer].count - 1
          let start = starts[producer][min(first, last)]
          let count = starts[producer][min(end, last)] - start
          if count > 0, start + count <= block.rows { share.add(BlockSlice(block, rows: start..<start + count), of: producer) }
        }
        return wanted != nil && share.slices.isEmpty ? nil : share
      }, exchange.consumer)
  }

  private func byRange(_ outputs: [TaskOutput], _ exchange: Exchange, _ keys: [SortColumn]) throws -> BranchTasks {
    var runs: [BlockRef] = []
    var whole = ConsumerShare(origin: exchange.origin)
    for (producer, output) in outputs.enumerated() {
      guard let run = output.slice?.block, run.rows > 0 else { continue }
      runs.append(run)
      whole.add(BlockSlice(run), of: producer)
    }
    let totalBytes = runs.reduce(0) { $0 + $1.byteCount }
    let share = shareBytes(of: exchange.consumer.workingShares)
    let consumers = ExchangeSizing.consumers(ofBytes: totalBytes, shareBytes: share)
    let mayStay = runs.count > 1 && ExchangeSizing.staysWhereItLies(totalBytes: totalBytes, runCount: runs.count, shareBytes: share)
    guard consumers > 1 || mayStay else { return runs.isEmpty ? BranchTasks([]) : placed([whole], exchange.consumer) }
    let context = cluster.headContext()
    // Keys are sampled, and boundaries searched for, where they lie; nothing is copied. One run after another: those on disk are mapped for it.
    func rows(_ run: Int) throws -> Batch { try context.batchInPlace(of: runs[run]) { _ in keys.map(\.index) } }
    guard
      let boundaries = try (mayStay ? RangePartitioning.boundaries(ofSuccessive: runs.count, keys: keys, run: rows) : nil)
        ?? chosenBoundaries(runs.count, keys, exchange.consumer.schema, consumers, run: rows)
    else { return placed([whole], exchange.consumer) }
    let points = try runs.indices.map { run in
      [0] + RangePartitioning.partitionPoints(try rows(run), keys: keys, boundaries: boundaries) + [runs[run].rows]
    }
    return placed(
      (0...boundaries.count).compactMap { partition in
        var share = ConsumerShare(origin: "\(exchange.origin) range \(partition)")
        for (index, run) in runs.enumerated() where points[index][partition] < points[index][partition + 1] {
          share.add(BlockSlice(run, rows: points[index][partition]..<points[index][partition + 1]), of: whole.producers[index])
        }
        return share.slices.isEmpty ? nil : share
      }, exchange.consumer)
  }

  /// Boundaries that give each consumer about as much; nil where one takes all.
  private func chosenBoundaries(
    _ runCount: Int, _ keys: [SortColumn], _ schema: Schema, _ consumers: Int, run: (Int) throws -> Batch
  ) rethrows -> [[Value]]? {
    guard consumers > 1 else { return nil }
    let samples = try (0..<runCount).flatMap { index in
      let run = try run(index)
      let sampled = RangePartitioning.sampleKeys(run, keys: keys, count: samplesPerRun)
      return sampled.map { (values: $0, weight: Double(run.rowCount) / Double(sampled.count)) }
    }
    return RangePartitioning.chooseBoundaries(samples, types: keys.map { schema[$0.index].type }, keys: keys, partitions: consumers)
  }

  /// Gives each consumer the node that holds most of its rows, so that few move; but no node more than its share of consumers.
  func placed(_ consumers: [ConsumerShare], _ consumer: any SourceSpec) -> BranchTasks {
    let nodes = cluster.takers
    // Rows that move are copied once; a node that has more to do than the others is waited for all the while.
    let consumersPerNode = nodes.isEmpty ? 0 : (consumers.count + nodes.count - 1) / nodes.count
    var counts: [NodeIndex: Int] = [:]
    return BranchTasks(
      consumers.map { share in
        var bytes = Dictionary(uniqueKeysWithValues: nodes.map { ($0, 0) })
        for slice in share.slices where bytes[slice.block.node] != nil { bytes[slice.block.node, default: 0] += slice.estimatedBytes }
        let free = bytes.filter { counts[$0.key, default: 0] < consumersPerNode }
        let chosen = free.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
        if let chosen { counts[chosen, default: 0] += 1 }
        let source = consumer.reading(share.slices, of: share.producers)
        return BranchTasks.Source(source: source, origin: share.origin, preferredNode: chosen, partitions: share.partitions)
      })
  }
}

/// What one consumer of several tasks pulls, and of which of them.
struct ConsumerShare {
  var slices: [BlockSlice] = []
  /// The number of the task that made each slice.
  var producers: [Int] = []
  let origin: String
  /// Which partitions it takes, of rows that were cut by hash.
  let partitions: Range<Int>?

  init(origin: String, partitions: Range<Int>? = nil) {
    self.origin = origin
    self.partitions = partitions
  }

  mutating func add(_ slice: BlockSlice, of producer: Int) {
    slices.append(slice)
    producers.append(producer)
  }
}
