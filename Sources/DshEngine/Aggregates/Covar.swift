// `covar`: the covariance of a sample.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let covar = Aggregate(
    "covar", ["x", "y"], [.from(.float64, .float64, to: .float64)],
    "The sample covariance of x and y (n - 1); rows where one is null are skipped, null below two rows.",
    examples: [
      "read data/weather.csv | agg covar(temp_max, wind) | take", "read data/weather.csv | agg covar(temp_max, wind) by weather | take",
    ],
    state: .products,
    result: { sums, _, rowCounts, groupCount in
      sums.results(leastCount: 2, rowCounts, groupCount) { Moments.covariance($0, $1, isSample: true) }
    })
}
