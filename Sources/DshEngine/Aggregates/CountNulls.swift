// `count_nulls`.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let countNulls = Aggregate(
    "count_nulls", ["x"], [Overload([.variable(0)], result: .exact(.int64))], "The number of rows where x is null; 0 over no rows.",
    examples: ["read data/weather.csv | agg count_nulls(wind) | take", "read data/weather.csv | agg count_nulls(wind) by weather | take"],
    state: .nulls)
}
