// Plans `join`: the right input becomes hash tables, each for a part of the hashes, which every task of the left input reads where they lie.

import DshColumns
import DshEngine
import DshPlan

extension Join: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let right = inputs[1].schema
    let partitions = planner.partitionCount(of: inputs[1])
    // Which of several partners comes first shows in the columns of the right.
    let seesOrder = inOrder && !rightColumns.isEmpty && !inputs[1].hasUnique(rightKeys)
    let rows = Stage(
      planner.branches(of: inputs[1], inOrder: seesOrder),
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
    return planner.branches(of: inputs[0], inOrder: inOrder).map { $0.adding(probe, reading: tables) }
  }
}

extension LogicalPlan {
  /// Whether it is known that no two rows are equal in some columns.
  fileprivate func hasUnique(_ columns: [Int]) -> Bool {
    switch self {
    case .aggregate(_, let aggregation): Set(aggregation.keys.indices).isSubset(of: columns)
    default: false
    }
  }
}
