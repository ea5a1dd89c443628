// `null_share`.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let nullShare = Aggregate(
    "null_share", ["x"], [Overload([.variable(0)], result: .exact(.float64))],
    "The share of the rows where x is null, from 0 to 1; null over no rows.",
    examples: ["read data/weather.csv | agg null_share(wind) | take", "read data/weather.csv | agg null_share(wind) by weather | take"],
    state: .nulls, result: { nulls, _, rowCounts, groupCount in nulls.shares(rowCounts, groupCount) })
}
