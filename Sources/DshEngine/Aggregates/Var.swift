// `var`: the sample variance.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let variance = Aggregate(
    "var", ["x"], [.from(.int64, to: .float64), .from(.float64, to: .float64), .from(.null, to: .float64)],
    "The sample variance (n - 1); nulls are skipped, null below two values.",
    examples: ["read data/weather.csv | agg var(wind) | take", "read data/weather.csv | agg var(wind) by weather | take"],
    state: .deviation,
    result: { states, _, rowCounts, groupCount in states.spreads(isSample: true, isRoot: false, rowCounts, groupCount) })
}
