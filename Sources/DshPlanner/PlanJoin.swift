// Plans `join`: the right input becomes hash tables, each for a part of the hashes, which every task of the left input reads where they lie. Where all
// of them together are larger than stores should be filled with, the left is cut by the same hash, and each task reads the tables of its part.

import DshColumns
import DshEngine
import DshPlan

extension Join: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let right = inputs[1].schema
    let partitions = planner.partitionCount(of: inputs[1])
    // Which of several partners comes first shows in the columns of the right.
    let seesOrder = inOrder && !rightColumns.isEmpty && !inputs[1].hasUnique(rightKeys)
    let tablesLimit = planner.context.storesBytes / Self.tablesShare
    let isReduced = isWorthReducing(inputs, planner) && planner.readBytes(of: inputs[0]) <= tablesLimit
    let met = isReduced ? reducedRight(inputs) : inputs[1]
    let rows = Stage(
      planner.branches(of: met, inOrder: seesOrder),
      output: .sink(PartitionRows(rightKeys, partitionCount: partitions, keepsNulls: nullsMeet)), exchange: .hash(partitions: partitions))
    let tables = Stage(
      [
        Branch(
          .exchange(
            Exchange(
              from: rows, by: .hash(partitions: partitions), consumer: BuildHashTable(right, keys: rightKeys, nullsMeet: nullsMeet),
              origin: "join")))
      ], output: .sink(MakeBlock()), title: "hash tables")
    let probe = ProbeHashTable(self, tableSchema: right, partitionCount: partitions)
    guard !isReduced, planner.readBytes(of: inputs[1]) > tablesLimit else {
      return planner.branches(of: inputs[0], inOrder: inOrder).map { $0.adding(probe, reading: tables) }
    }
    return cutAlike(inputs[0], probe, tables, inOrder: inOrder, planner)
  }

  /// Tables that every task looks keys up in have to be in memory, beside whatever else is there: half of all stores.
  private static let tablesShare = 2

  /// The left side cut like the tables, so that each task looks up those of its part alone.
  private func cutAlike(_ left: LogicalPlan, _ probe: ProbeHashTable, _ tables: Stage, inOrder: Bool, _ planner: PhysicalPlanner)
    -> [Branch]
  {
    let schema = left.schema
    let partitions = probe.tables.partitionCount
    let rows = Stage(
      planner.branches(of: left, inOrder: inOrder),
      output: .sink(
        PartitionRows(leftKeys, partitionCount: partitions, keepsNulls: nullsMeet || kind == .left || kind == .anti, numbersRows: inOrder)),
      exchange: .hash(partitions: partitions))
    let pulled = Exchange(
      from: rows, by: .hash(partitions: partitions), consumer: PulledPartitions(schema, placesRows: inOrder), origin: "join")
    let joined = Branch(.exchange(pulled)).adding(probe, reading: tables, isCutAlike: true)
    guard inOrder else { return [joined] }
    // Behind the columns of the left stand the rows' places, which put the results in order.
    let order = [SortColumn(schema.count, descending: false)]
    let sorted = Stage([joined], output: .sink(SortRun(order)), exchange: .ranges(order))
    let all = Exchange(from: sorted, by: .ranges(order), consumer: MergeRuns(sorted.schema, keys: order), origin: "join")
    let columns = sorted.schema.fields.enumerated().filter { $0.offset != schema.count }
    return [Branch(.exchange(all), steps: [Project(columns.map { NamedExpression($0.element.name, .column($0.offset, $0.element.type)) })])]
  }
}

extension Join {
  /// The rows of the right that have a partner on the left: what the others are makes no difference.
  private func reducedRight(_ inputs: [LogicalPlan]) -> LogicalPlan {
    let semi = Join(.semi, leftKeys: rightKeys, rightKeys: leftKeys, rightColumns: [], nullsMeet: nullsMeet)
    return .operation(Operation(semi), [inputs[1], inputs[0]])
  }

  /// Whether the left is so much smaller that looking its keys up for every row of the right costs less than making tables of all of these.
  ///
  /// The left is computed twice then, so it has to be what hardly more than reading it gives. How many rows a filter of the right leaves is not known
  /// before it runs, so there must be none.
  private func isWorthReducing(_ inputs: [LogicalPlan], _ planner: PhysicalPlanner) -> Bool {
    let (left, right) = (planner.sizeBytes(of: inputs[0]), planner.sizeBytes(of: inputs[1]))
    return right >= Self.smallestReducedBytes && left <= right / Self.reducingFactor && inputs[0].isReadStraight && inputs[1].isReadWhole
  }

  /// Tables of less are made sooner than a stage more is run.
  private static let smallestReducedBytes = 16 << 20
  private static let reducingFactor = 4
}

extension PhysicalPlanner {
  /// The bytes of files and blocks behind a plan, of the columns that it reads, if all columns of a file take as much.
  fileprivate func readBytes(of plan: LogicalPlan) -> Int {
    switch plan {
    case .read(let source, let columns):
      Int(Double(sizeBytes(of: plan)) * Double(columns.count) / Double(max(1, source.schema.count)))
    case .range, .rows, .stored: sizeBytes(of: plan)
    default: plan.inputs.reduce(0) { $0 &+ readBytes(of: $1) }
    }
  }
}

extension LogicalPlan {
  /// Whether its rows are those of files or blocks, filtered and projected.
  fileprivate var isReadStraight: Bool {
    switch self {
    case .read, .stored, .range, .rows: true
    case .filter(let input, _), .project(let input, _): input.isReadStraight
    default: false
    }
  }

  /// The same without a filter.
  fileprivate var isReadWhole: Bool {
    switch self {
    case .read, .stored, .range, .rows: true
    case .project(let input, _): input.isReadWhole
    default: false
    }
  }

  /// Whether it is known that no two rows are equal in some columns.
  fileprivate func hasUnique(_ columns: [Int]) -> Bool {
    switch self {
    case .aggregate(_, let aggregation): Set(aggregation.keys.indices).isSubset(of: columns)
    default: false
    }
  }
}
