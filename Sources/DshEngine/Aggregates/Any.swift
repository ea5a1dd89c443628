// `any`: the greatest of truth values.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let anyOne = Aggregate(
    "any", ["x"], [.from(.bool, to: .bool)], "Whether x is true in some row; nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg any(wind > 9) | take", "read data/weather.csv | agg any(wind > 9) by weather | take"],
    state: AggregateState("max", { $0 }) { $0.extreme(isMaximum: true) })
}
