// `arg_max`: a value of the row that has the greatest of another.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let argMax = Aggregate(
    "arg_max", ["x", "by"], [Overload([.variable(0), .ordered(1)], result: .variable(0))],
    "The value of x in the row with the greatest by, the first of several; rows where by is null are skipped.",
    examples: [
      "read data/weather.csv | agg windiest = arg_max(date, wind) | take",
      "read data/weather.csv | agg windiest = arg_max(date, wind) by weather | take",
    ],
    seesOrder: true, state: .rowExtreme("arg_max", isMaximum: true), result: { rows, _, _, groupCount in rows.values(groupCount) })
}

extension AggregateState where States == RowExtreme {
  static func rowExtreme(_ name: String, isMaximum: Bool) -> AggregateState {
    AggregateState(name, { [$0[1], $0[0]] }) { RowExtreme(value: $0.arguments[0], order: $0.arguments[1], isMaximum: isMaximum) }
  }
}
