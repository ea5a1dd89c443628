// `var_pop`: the population variance.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let variancePop = Aggregate(
    "var_pop", ["x"], [.from(.int64, to: .float64), .from(.float64, to: .float64), .from(.null, to: .float64)],
    "The population variance (divided by n); nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg var_pop(wind) | take", "read data/weather.csv | agg var_pop(wind) by weather | take"],
    state: .deviation,
    result: { states, _, rowCounts, groupCount in states.spreads(isSample: false, isRoot: false, rowCounts, groupCount) })
}
