// Plans windows: rows of a partition come together by the hash of its keys, and go back to the order of the dataset.

import DshColumns
import DshEngine
import DshPlan

extension Window: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let rows = inputs[0].schema
    let partitions = keys.isEmpty ? 1 : planner.partitionCount(of: inputs[0])
    // Rows that are equal in the order of a partition come in that of the dataset.
    let numbered = Stage(
      planner.branches(of: inputs[0], inOrder: true),
      output: .sink(PartitionRows(keys, partitionCount: partitions, keepsNulls: true, numbersRows: true)),
      exchange: .hash(partitions: partitions))
    let computed = Exchange(
      from: numbered, by: .hash(partitions: partitions), consumer: ComputeWindows(rows, self, inOrder: inOrder), origin: "window")
    return planner.inDatasetOrder(computed, schema(over: [rows]), isSeen: inOrder)
  }
}
