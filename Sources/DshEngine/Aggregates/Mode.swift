// `mode`: the most frequent value.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let mode = Aggregate(
    "mode", ["x"], [Overload([.variable(0)], result: .variable(0))],
    "The most frequent value, of several the one that comes first in the dataset; nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg mode(weather) | take", "read data/weather.csv | agg mode(wind) by weather | take"],
    seesOrder: true, state: .distinct, result: { values, _, _, groupCount in values.modes(groupCount) })
}
