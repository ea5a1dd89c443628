// `mean`, computed from the states of sums.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let mean = Aggregate(
    "mean", ["x"],
    [.from(.int64, to: .float64), .floatOfDecimal, .from(.float64, to: .float64), .from(.bool, to: .float64), .from(.null, to: .float64)]
      + Overload.lengthsOfTime,
    "The arithmetic mean, of lengths of time rounded to their unit; nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg mean(wind) | take", "read data/weather.csv | agg mean(wind) by weather | take"],
    state: .sum, result: { sums, _, rowCounts, groupCount in sums.means(rowCounts, groupCount) })
}
