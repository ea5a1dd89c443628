// Plans `sample` and `split`: a step that knows the numbers of its rows.

import DshEngine
import DshPlan

extension Sample: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    planner.numbered(planner.branches(of: inputs[0], inOrder: true), by: SampleRows(from: lowerBound, to: upperBound, seed: seed))
  }
}
