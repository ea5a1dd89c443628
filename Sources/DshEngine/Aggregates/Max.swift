// `max`.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let max = Aggregate(
    "max", ["x"], [Overload([.ordered(0)], result: .ordered(0))],
    "The greatest value, NaN above all numbers; nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg max(wind) | take", "read data/weather.csv | agg max(wind) by weather | take"],
    rowFunction: "greatest", shortcut: .greatest, state: AggregateState("max", { $0 }) { $0.extreme(isMaximum: true) })
}
