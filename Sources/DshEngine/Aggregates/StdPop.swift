// `std_pop`: the population standard deviation.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let stdPop = Aggregate(
    "std_pop", ["x"], [.from(.int64, to: .float64), .from(.float64, to: .float64), .from(.null, to: .float64)],
    "The population standard deviation (divided by n); nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg std_pop(wind) | take", "read data/weather.csv | agg std_pop(wind) by weather | take"],
    state: .deviation,
    result: { states, _, rowCounts, groupCount in states.spreads(isSample: false, isRoot: true, rowCounts, groupCount) })
}
