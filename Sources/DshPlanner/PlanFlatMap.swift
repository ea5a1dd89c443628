// Plans `flat_map`: a step of the tasks that make its input.

import DshEngine
import DshPlan

extension Elements: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    planner.branches(of: inputs[0], inOrder: inOrder).map { $0.adding(FlatMap(column)) }
  }
}
