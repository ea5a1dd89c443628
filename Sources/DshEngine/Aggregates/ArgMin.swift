// `arg_min`: a value of the row that has the least of another.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let argMin = Aggregate(
    "arg_min", ["x", "by"], [Overload([.variable(0), .ordered(1)], result: .variable(0))],
    "The value of x in the row with the least by, the first of several; rows where by is null are skipped.",
    examples: [
      "read data/weather.csv | agg calmest = arg_min(date, wind) | take",
      "read data/weather.csv | agg calmest = arg_min(date, wind) by weather | take",
    ],
    seesOrder: true, state: .rowExtreme("arg_min", isMaximum: false), result: { rows, _, _, groupCount in rows.values(groupCount) })
}
