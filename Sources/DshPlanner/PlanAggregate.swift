// Plans `agg`: partial groups for each task, then those of equal keys pulled together and merged: by hash, or by range where the keys ascend already.

import DshColumns
import DshEngine
import DshPlan

extension PhysicalPlanner {
  /// - Parameter firstRows: if no more than the first groups are wanted in order, how many; more may come.
  func planAggregate(_ input: LogicalPlan, _ aggregation: Aggregation, inOrder: Bool, firstRows: Int? = nil) -> [Branch] {
    let keys = aggregation.order
    if let key = keys.first, case .column(let column, _) = aggregation.keys[key.index].expression, ascendsOverBlocks(column, of: input) {
      return planAscending(input, aggregation, keys)
    }
    if let apart = countedApart(input, aggregation) {
      return planAggregate(apart.input, apart.aggregation, inOrder: inOrder, firstRows: firstRows)
    }
    let partitions = keys.isEmpty ? 1 : partitionCount(of: input)
    let partials = Stage(
      branches(of: input, inOrder: aggregation.seesOrder), output: .sink(PartialAggregate(aggregation, .partitions(partitions))),
      exchange: .hash(partitions: partitions))
    func groups(inOrder: Bool) -> Exchange {
      Exchange(
        from: partials, by: .hash(partitions: partitions), consumer: FinalAggregate(aggregation, inOrder: inOrder), origin: "agg")
    }
    guard inOrder, !keys.isEmpty else { return [Branch(.exchange(groups(inOrder: false)))] }
    return [Branch(.ordered(sorted(groups(inOrder: false), aggregation, firstRows: firstRows), alone: groups(inOrder: true)))]
  }

  /// Puts the groups of several consumers in one order: all, pulled by range, or the first, which one task merges.
  private func sorted(_ groups: Exchange, _ aggregation: Aggregation, firstRows: Int?) -> Exchange {
    let keys = aggregation.order
    guard let firstRows, firstRows <= Self.largestTopRows else {
      let runs = Stage([Branch(.exchange(groups))], output: .sink(SortRun(keys)), exchange: .ranges(keys))
      return Exchange(from: runs, by: .ranges(keys), consumer: MergeRuns(aggregation.schema, keys: keys), origin: "agg")
    }
    let tops = Stage([Branch(.exchange(groups))], output: .sink(TopRows(keys, count: firstRows)), exchange: .single)
    return Exchange(from: tops, by: .single, consumer: MergeRuns(aggregation.schema, keys: keys, limit: firstRows), origin: "agg")
  }

  /// Each block has a range of the keys for itself, so that groups are made where it lies; hardly a row moves, and they are in order.
  private func planAscending(_ input: LogicalPlan, _ aggregation: Aggregation, _ keys: [SortColumn]) -> [Branch] {
    let partials = Stage(
      branches(of: input, inOrder: aggregation.seesOrder), output: .sink(PartialAggregate(aggregation, .sorted)), exchange: .ranges(keys))
    return [
      Branch(.exchange(Exchange(from: partials, by: .ranges(keys), consumer: FinalAggregate(aggregation, inOrder: true), origin: "agg")))
    ]
  }

  /// Whether a column is one of kept blocks, each of which begins where the one before it ends.
  private func ascendsOverBlocks(_ column: Int, of plan: LogicalPlan) -> Bool {
    switch plan {
    case .stored(let kept): context.persistedColumnAscends(kept, column)
    case .filter(let input, _): ascendsOverBlocks(column, of: input)
    case .project(let input, let columns):
      if case .column(let source, _) = columns[column].expression { ascendsOverBlocks(source, of: input) } else { false }
    default: false
    }
  }

  /// Partial groups are split so finely that any number of consumers up to it can share them evenly; of large files, more finely.
  func partitionCount(of input: LogicalPlan) -> Int {
    let shares = sizeBytes(of: input) / context.shareBytes * Self.expansion
    return min(PartialAggregate.largestPartitionCount, max(Self.smallestPartitionCount, shares * Self.partitionsPerShare))
  }

  private static let smallestPartitionCount = 64
  /// Few keys that many rows have seldom meet in one partition then, which would be more than a share.
  private static let partitionsPerShare = 8
  /// Rows in memory take about so many times what they take in files.
  private static let expansion = 2

  /// The bytes of files and blocks behind a plan.
  func sizeBytes(of plan: LogicalPlan) -> Int {
    switch plan {
    case .read(let source, _): source.sizeBytes
    case .range(let start, let end, let step, _): NumberRange(start: start, step: step, count: rangeCount(start, end, step)).sizeBytes
    case .stored(let plan): context.persistedBytes(plan)
    default: plan.inputs.reduce(0) { $0 &+ sizeBytes(of: $1) }
    }
  }
}

extension Aggregation {
  /// The order of the groups: that of the keys, which are the first columns.
  var order: [SortColumn] { keys.indices.map { SortColumn($0, descending: false) } }

  /// Whether its results depend on the order of the rows.
  public var seesOrder: Bool { aggregates.contains { AggregateRegistry.aggregate(named: $0.function)?.seesOrder ?? true } }
}
