// `all`: the least of truth values.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let everyOne = Aggregate(
    "all", ["x"], [.from(.bool, to: .bool)], "Whether x is true in every row; nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg all(wind > 0) | take", "read data/weather.csv | agg all(wind > 0.5) by weather | take"],
    state: AggregateState("min", { $0 }) { $0.extreme(isMaximum: false) })
}
