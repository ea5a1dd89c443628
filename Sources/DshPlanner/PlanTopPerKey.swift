// Plans `top … per`: the first rows of each group of a task, then ranges of the keys alone, merged, of which again the first rows stay.

import DshColumns
import DshEngine
import DshPlan

extension TopPerKey: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let groups = keys.map { SortColumn($0, descending: false) }
    let all = groups + order
    // Of equal rows the first in the dataset count.
    let runs = Stage(
      planner.branches(of: inputs[0], inOrder: true), output: .sink(TopRun(groups, order: order, count: count)), exchange: .ranges(groups))
    let merged = Exchange(from: runs, by: .ranges(groups), consumer: MergeRuns(inputs[0].schema, keys: all), origin: "top")
    return [Branch(.exchange(merged), steps: [FirstOfEach(keys, count: count)])]
  }
}
