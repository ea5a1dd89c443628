// `kurtosis`: the excess kurtosis of a sample.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let kurtosis = Aggregate(
    "kurtosis", ["x"], [.from(.float64, to: .float64)],
    "The sample excess kurtosis, 0 for a normal distribution; nulls are skipped, null below four values, NaN if all are the same.",
    examples: ["read data/weather.csv | agg kurtosis(wind) | take", "read data/weather.csv | agg kurtosis(wind) by weather | take"],
    state: .powers,
    result: { sums, _, rowCounts, groupCount in
      sums.results(leastCount: 4, rowCounts, groupCount) { Moments.kurtosis($0, $1) }
    })
}
