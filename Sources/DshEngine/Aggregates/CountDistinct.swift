// `count_distinct`.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let countDistinct = Aggregate(
    "count_distinct", ["x"], [Overload([.variable(0)], result: .exact(.int64))],
    "The number of different values, exactly; nulls are skipped, NaN equals itself.",
    examples: [
      "read data/weather.csv | agg count_distinct(weather) | take", "read data/weather.csv | agg count_distinct(wind) by weather | take",
    ],
    state: .distinct, result: { values, _, _, groupCount in values.counts(groupCount) })
}
