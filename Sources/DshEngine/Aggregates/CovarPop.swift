// `covar_pop`: the covariance of a population.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let covarPop = Aggregate(
    "covar_pop", ["x", "y"], [.from(.float64, .float64, to: .float64)],
    "The population covariance of x and y (divided by n); rows where one is null are skipped, null over no rows.",
    examples: [
      "read data/weather.csv | agg covar_pop(temp_max, wind) | take",
      "read data/weather.csv | agg covar_pop(temp_max, wind) by weather | take",
    ],
    state: .products,
    result: { sums, _, rowCounts, groupCount in
      sums.results(leastCount: 1, rowCounts, groupCount) { Moments.covariance($0, $1, isSample: false) }
    })
}
