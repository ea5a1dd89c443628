// Plans the random keys of `shuffle` and `sample --rows`: a step that knows the numbers of its rows.

import DshEngine
import DshPlan

extension RandomKey: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    planner.numbered(planner.branches(of: inputs[0], inOrder: true), by: AddRandomKeys(column, seed: seed))
  }
}
