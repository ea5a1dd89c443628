// Plans `unpivot`: a step of the tasks that make its input.

import DshEngine
import DshPlan

extension Unpivot: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let step = MeltColumns(columns, name: nameColumn, value: valueColumn)
    return planner.branches(of: inputs[0], inOrder: inOrder).map { $0.adding(step) }
  }
}
