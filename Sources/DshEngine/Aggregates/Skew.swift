// `skew`: the skewness of a sample.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let skew = Aggregate(
    "skew", ["x"], [.from(.float64, to: .float64)],
    "The sample skewness; nulls are skipped, null below three values, NaN if all are the same.",
    examples: ["read data/weather.csv | agg skew(wind) | take", "read data/weather.csv | agg skew(wind) by weather | take"],
    state: .powers,
    result: { sums, _, rowCounts, groupCount in
      sums.results(leastCount: 3, rowCounts, groupCount) { Moments.skewness($0, $1) }
    })
}
