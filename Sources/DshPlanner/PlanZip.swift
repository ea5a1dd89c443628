// Plans `zip`: both sides as blocks; the rows of each block of the first meet those of the second with the same numbers.

import DshEngine
import DshPlan

extension Zip: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let sides = inputs.map { Stage(planner.branches(of: $0, inOrder: true), output: .sink(MakeBlock())) }
    return [Branch(.zip(sides[0], sides[1], origin: origin))]
  }
}
