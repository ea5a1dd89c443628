// `median`: the quantile in the middle.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let median = Aggregate(
    "median", ["x"], [.from(.float64, to: .float64)],
    "The value in the middle, of an even number the mean of both, exactly; nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg median(wind) | take", "read data/weather.csv | agg median(wind) by weather | take"],
    state: .values, result: { values, _, _, groupCount in values.quantiles(0.5, groupCount) })
}
