// Plans `top … per`: rows sorted by the keys and then the order; ranges of the keys alone are merged, of which the first rows of each group stay.

import DshColumns
import DshEngine
import DshPlan

extension TopPerKey: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let groups = keys.map { SortColumn($0, descending: false) }
    let all = groups + order
    // Of equal rows the first in the dataset count.
    let runs = Stage(planner.branches(of: inputs[0], inOrder: true), output: .sink(SortRun(all)), exchange: .ranges(groups))
    let merged = Exchange(from: runs, by: .ranges(groups), consumer: MergeRuns(inputs[0].schema, keys: all), origin: "top")
    return [Branch(.exchange(merged), steps: [FirstOfEach(keys, count: count)])]
  }
}
