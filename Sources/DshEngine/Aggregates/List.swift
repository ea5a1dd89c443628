// `list`: all values.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let list = Aggregate(
    "list", ["x"], [Overload([.variable(0)], result: .list(.variable(0)))],
    "The values as a list in the order of the dataset; nulls are skipped, null over no values.",
    examples: [
      "read data/weather.csv | limit 4 | agg list(wind) | take", "read data/weather.csv | limit 9 | agg list(wind) by weather | take",
    ],
    seesOrder: true, state: .list, result: { values, _, _, groupCount in values.lists(groupCount, nullWhereEmpty: true) })
}
