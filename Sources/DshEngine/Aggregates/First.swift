// `first`: the value of the first row.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let first = Aggregate(
    "first", ["x"], [Overload([.variable(0)], result: .variable(0))],
    "The value of the first row in the order of the dataset, null if it is null there; of those that are not: first(x) where x != null.",
    examples: ["read data/weather.csv | agg first(date) | take", "read data/weather.csv | agg first(date) by weather | take"],
    seesOrder: true, state: .edge("first", isFirst: true))
}
