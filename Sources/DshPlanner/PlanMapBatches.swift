// Plans `map_batches`: a step of the tasks that make its input.

import DshEngine
import DshPlan

extension MapBatches: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    planner.branches(of: inputs[0], inOrder: true).map { $0.adding(RunProgram(call)) }
  }
}

extension PhysicalPlanner {
  /// The same rows for somebody who needs them more than once: rows that would not be the same again are made once and kept as blocks.
  func madeOnce(_ branches: [Branch]) -> [Branch] {
    if branches.allSatisfy(\.isRepeatable) { return branches }
    return [Branch(.blocks(of: Stage(branches, output: .sink(MakeBlock())), firstRows: nil))]
  }
}
