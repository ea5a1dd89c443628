// `min`, and what keeps extremes.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let min = Aggregate(
    "min", ["x"], [Overload([.ordered(0)], result: .ordered(0))],
    "The least value, NaN above all numbers; nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg min(wind) | take", "read data/weather.csv | agg min(wind) by weather | take"],
    rowFunction: "least", shortcut: .least, state: AggregateState("min", { $0 }) { $0.extreme(isMaximum: false) })
}

extension AggregateSite {
  /// The least or greatest value of its argument.
  func extreme(isMaximum: Bool) -> Accumulator {
    switch arguments[0] {
    case .string, .binary: TextExtreme(type: arguments[0], isMaximum: isMaximum)
    case .int64, .float64, .bool, .date, .timestamp, .time, .duration, .instant:
      FixedExtreme(type: arguments[0], isMaximum: isMaximum)
    case .decimal: DecimalExtreme(type: arguments[0], isMaximum: isMaximum)
    case .null, .list, .structure, .map: NullAccumulator(type: arguments[0])
    case .narrow, .uint64: preconditionFailure("arguments are of types that are computed with: \(arguments[0].name)")
    }
  }
}
