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
    // Keys are sampled, and boundaries searched for, where they lie; nothing is copied.
    let type = keys.first.map { exchange.consumer.schema[$0.index].type }
    guard
      let boundaries = try (mayStay ? successiveBoundaries(runs, keys, type) : nil)
        ?? chosenBoundaries(runs, keys, exchange.consumer.schema, consumers)
    else { return placed([whole], exchange.consumer) }
    let points = try zip(runs, cluster.inspect(runs, .partitionPoints(keys: keys, boundaries: boundaries))).map { run, answer in
      try partitionPoints(answer, of: run, boundaryCount: boundaries.count)
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

  /// Boundaries that leave runs as they are, if none has rows that come before one of those before it; nil otherwise.
  private func successiveBoundaries(_ runs: [BlockRef], _ keys: [SortColumn], _ type: DataType?) throws -> [[Value]]? {
    guard let key = keys.first, let type else { return nil }
    let ends = try cluster.inspect(runs, .ends(keys: keys)).map { answer in
      guard answer.count == 2, let first = answer[0].first, let last = answer[1].first else { throw Self.unanswered }
      return (first: first, last: last)
    }
    return RangePartitioning.boundaries(ofSuccessive: ends, type: type, key: key)
  }

  /// Boundaries that give each consumer about as much; nil where one takes all.
  private func chosenBoundaries(_ runs: [BlockRef], _ keys: [SortColumn], _ schema: Schema, _ consumers: Int) throws -> [[Value]]? {
    guard consumers > 1 else { return nil }
    let samples = try zip(runs, cluster.inspect(runs, .sampleKeys(keys: keys, count: samplesPerRun))).flatMap { run, sampled in
      sampled.map { (values: $0, weight: Double(run.rows) / Double(sampled.count)) }
    }
    return RangePartitioning.chooseBoundaries(samples, types: keys.map { schema[$0.index].type }, keys: keys, partitions: consumers)
  }

  /// Where each range begins in a run, and the end of the last one.
  private func partitionPoints(_ answer: [[Value]], of run: BlockRef, boundaryCount: Int) throws -> [Int] {
    var points = [0]
    for value in answer.first ?? [] {
      guard case .int64(let point) = value, point >= points[points.count - 1], point <= run.rows else { throw Self.unanswered }
      points.append(Int(point))
    }
    guard points.count == boundaryCount + 1 else { throw Self.unanswered }
    return points + [run.rows]
  }

  private static var unanswered: Diagnostic { Diagnostic(.badReport, "a question about a block has another answer than it can have") }

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
