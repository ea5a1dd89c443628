// How a step of a plan that has a file of its own is run; every such step says so in a planner file of its name.

import DshPlan

protocol PlannedOperation: LogicalOperation {
  /// The branches whose tasks, one after another, give its rows.
  ///
  /// - Parameter inOrder: whether somebody can see the order of the rows.
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch]
}
