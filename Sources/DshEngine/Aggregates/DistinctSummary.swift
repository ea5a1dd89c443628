// `distinct_summary`: how many different values there are and the most frequent one, in little memory.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let distinctSummary = Aggregate(
    "distinct_summary", ["x"],
    [
      Overload(
        [.variable(0)],
        result: .record([
          PatternField("distinct", .exact(.int64)), PatternField("is_exact", .exact(.bool)), PatternField("most_frequent", .variable(0)),
          PatternField("frequency", .exact(.int64)),
        ]))
    ],
    "A struct of how many different values there are, whether that is exact (it is up to \(BoundedValues.limit), and beyond it an "
      + "approx_count_distinct), and, if it is, the most frequent value with its number of rows; nulls are skipped.",
    examples: [
      "read data/weather.csv | agg distinct_summary(weather) | take",
      "read data/weather.csv | agg kinds = distinct_summary(weather) by year = year(date) | map common = kinds.most_frequent | take",
    ],
    seesOrder: true,
    state: AggregateState("bounded", { [.list($0[0]), .list(.int64), .list(.int64), .int64] }) {
      BoundedValues(type: $0.arguments[0], isGlobal: $0.isGlobal)
    },
    result: { values, _, _, groupCount in values.summaries(groupCount) })
}
