// Steps that have to know what stands before the rows of their task.

import DshColumns
import DshPlan

/// A step whose rows depend on the numbers of those it gets, counted from 0 through all tasks of its branches.
public protocol PositionedStep: StepSpec {
  /// The same step in a task whose first row has that number.
  func starting(atRow row: Int) -> Self
}

/// A step whose rows depend on the last values of columns in the tasks before.
public protocol CarryingStep: StepSpec {
  /// The same step in a task before which these values stand, null where there are none.
  func continuing(after values: [Value]) -> Self
}
