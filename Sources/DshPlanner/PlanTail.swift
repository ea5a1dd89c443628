// Plans `tail`: rows are counted first, and only the last ones are made.

import DshEngine
import DshPlan

extension Tail: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    planner.window(planner.branches(of: inputs[0], inOrder: true), .last(count))
  }
}
