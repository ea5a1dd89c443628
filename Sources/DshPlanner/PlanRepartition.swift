// Plans `repartition`: all rows as blocks, of which others are put together; by keys, parts by their hash that a task each pulls together.

import DshEngine
import DshPlan

extension Repartition: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let branches = planner.branches(of: inputs[0], inOrder: true)
    guard case .blocks(let count) = size, !keys.isEmpty else {
      return [Branch(.cut(of: Stage(branches, output: .sink(MakeBlock())), size))]
    }
    let parts = Stage(branches, output: .sink(PartitionRows(keys, partitionCount: count, keepsNulls: true)), exchange: .partitions(count))
    return [
      Branch(
        .exchange(
          Exchange(from: parts, by: .partitions(count), consumer: ConcatenateRows(inputs[0].schema), origin: "repartition")))
    ]
  }
}
