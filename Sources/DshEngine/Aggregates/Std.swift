// `std`: the sample standard deviation.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let std = Aggregate(
    "std", ["x"], [.from(.int64, to: .float64), .from(.float64, to: .float64), .from(.null, to: .float64)],
    "The sample standard deviation (n - 1); nulls are skipped, null below two values.",
    examples: ["read data/weather.csv | agg std(wind) | take", "read data/weather.csv | agg std(wind) by weather | take"],
    state: .deviation,
    result: { states, _, rowCounts, groupCount in states.spreads(isSample: true, isRoot: true, rowCounts, groupCount) })
}

extension AggregateState where States == Deviation {
  /// Two doubles for the sum, three and a scale for that of the squares, values.
  static let deviation = AggregateState("std", { _ in [.float64, .float64, .float64, .float64, .float64, .int64, .int64] }) { _ in
    Deviation()
  }
}
