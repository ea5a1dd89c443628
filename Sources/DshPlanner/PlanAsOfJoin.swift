// Plans an asof join: the right input becomes sorted tables, each for a part of the hashes of the equal keys, which every task of the left input
// searches where they lie.

import DshColumns
import DshEngine
import DshPlan

extension AsOfJoin: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let right = inputs[1].schema
    let equalKeys = Array(rightKeys.dropLast())
    // Without equal keys all rows are of one kind.
    let partitions = equalKeys.isEmpty ? 1 : planner.partitionCount(of: inputs[1])
    let rows = Stage(
      planner.branches(of: inputs[1], inOrder: true), output: .sink(PartitionRows(equalKeys, partitionCount: partitions)),
      exchange: .hash(partitions: partitions))
    let tables = Stage(
      [
        Branch(
          .exchange(
            Exchange(from: rows, by: .hash(partitions: partitions), consumer: BuildSortedTable(right, keys: rightKeys), origin: "join")))
      ], output: .sink(MakeBlock()), title: "sorted tables")
    let probe = ProbeSortedTable(self, tableSchema: right, partitionCount: partitions)
    return planner.branches(of: inputs[0], inOrder: inOrder).map { $0.adding(probe, reading: tables) }
  }
}
