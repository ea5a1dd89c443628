// `approx_count_distinct`.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let approxCountDistinct = Aggregate(
    "approx_count_distinct", ["x"], [Overload([.variable(0)], result: .exact(.int64))],
    "About the number of different values (HyperLogLog: 1.6 % standard error in 4 KiB a group, the same for every order of the rows); "
      + "nulls are skipped.",
    examples: [
      "read data/weather.csv | agg approx_count_distinct(date) | take",
      "read data/weather.csv | agg approx_count_distinct(wind) by weather | take",
    ],
    state: AggregateState("sketch", { _ in [.list(.int64)] }) { _ in DistinctSketch() },
    result: { sketches, _, _, groupCount in sketches.estimates(groupCount) })
}
