// `std`: the sample standard deviation.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let std = Aggregate(
    "std", ["x"], [.from(.int64, to: .float64), .from(.float64, to: .float64), .from(.null, to: .float64)],
    "The sample standard deviation (n - 1); null below two values.",
    examples: ["read data/weather.csv | agg std(wind) | take", "read data/weather.csv | agg std(wind) by weather | take"],
    // Two doubles for the sum, three and a scale for that of the squares, values.
    state: AggregateState("std", { _ in [.float64, .float64, .float64, .float64, .float64, .int64, .int64] }) { _ in Deviation() },
    result: { states, _, rowCounts, groupCount in states.deviations(rowCounts, groupCount) })
}
