// `corr`: Pearson's correlation.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let corr = Aggregate(
    "corr", ["x", "y"], [.from(.float64, .float64, to: .float64)],
    "Pearson's correlation of x and y, from -1 to 1; rows where one is null are skipped, null below two rows, NaN where all of x or of y are the same.",
    examples: [
      "read data/weather.csv | agg corr(temp_max, wind) | take", "read data/weather.csv | agg corr(temp_max, wind) by weather | take",
    ],
    state: .products,
    result: { sums, _, rowCounts, groupCount in
      sums.results(leastCount: 2, rowCounts, groupCount) { Moments.correlation($0, $1) }
    })
}
