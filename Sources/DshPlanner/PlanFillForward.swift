// Plans `fill --forward`: within keys each task has whole groups; else each is told the last values of the tasks before.

import DshEngine
import DshPlan

extension FillForward: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let branches = planner.branches(of: inputs[0], inOrder: true)
    let step = FillDown(columns, keys: keys)
    // The ranges of a sort keep rows with equal keys together.
    guard keys.isEmpty else { return branches.map { $0.adding(step) } }
    let once = planner.madeOnce(branches)
    let last = Stage(once, output: .sink(LastValues(columns)))
    return once.enumerated().map { $1.adding(step, told: last, asBranch: $0) }
  }
}
