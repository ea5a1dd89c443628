// Plans what depends on where in the dataset a row stands: rows are counted first, unless their number is known, so that each task knows its first.

import DshEngine
import DshPlan

extension PhysicalPlanner {
  /// Branches with a step that is told the numbers of their rows, counted through all of them.
  func numbered(_ branches: [Branch], by step: any PositionedStep) -> [Branch] {
    let branches = madeOnce(branches)
    let counts = rowCounts(of: branches)
    return branches.enumerated().map { $1.adding(step, told: counts, asBranch: $0) }
  }
}

extension RowNumber: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    planner.numbered(planner.branches(of: inputs[0], inOrder: true), by: NumberRows(column, from: from, restartsPerFile: restartsPerFile))
  }
}
