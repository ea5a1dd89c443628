// `last`: the value of the last row.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let last = Aggregate(
    "last", ["x"], [Overload([.variable(0)], result: .variable(0))],
    "The value of the last row in the order of the dataset, null if it is null there; of those that are not: last(x) where x != null.",
    examples: ["read data/weather.csv | agg last(date) | take", "read data/weather.csv | agg last(date) by weather | take"],
    seesOrder: true, state: .edge("last", isFirst: false))
}
