// `count`: rows, or values.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let count = Aggregate(
    "count", ["x"], [Overload([.variable(0)], optional: 1, result: .exact(.int64))],
    "The number of rows; over x, the number of values that are not null.",
    examples: ["read data/weather.csv | agg count() | take", "read data/weather.csv | agg count(wind) by weather | take"],
    shortcut: .count, state: AggregateState("count", { _ in [.int64] }) { _ in CountAccumulator() })
}

/// Nothing but the value counts.
final class CountAccumulator: Accumulator {
  override func merge(_ states: [Column], groups: [UInt32]) { mergeCounts(states[0], groups: groups) }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] { [countColumn(rowCounts, groupCount)] }
}
