// `sum`, and the states of sums.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let sum = Aggregate(
    "sum", ["x"],
    [.from(.int64, to: .int64), .total, .from(.float64, to: .float64), .from(.bool, to: .int64), .from(.null, to: .int64)]
      + Overload.lengthsOfTime,
    "The sum: exact for int64, decimals and lengths of time, where overflow is an error; nulls are skipped, null over no values.",
    examples: ["read data/weather.csv | agg sum(wind) | take", "read data/weather.csv | agg sum(wind) by weather | take"],
    state: .sum, result: { sums, _, rowCounts, groupCount throws(RowError) in try sums.totals(rowCounts, groupCount) })
}

extension AggregateState where States == SumAccumulator {
  /// int64: the low and the high 64 bits of a 128-bit sum, then how many values; float64: two doubles that are the sum together, values;
  /// decimals: the low 128 and the high 64 bits, values.
  static let sum = AggregateState(
    "sum",
    { types in
      switch types.first {
      case .float64: [.float64, .float64, .int64]
      case .decimal: [DecimalSum.lowType, .int64, .int64]
      default: [.int64, .int64, .int64]
      }
    }
  ) { site in
    switch site.arguments.first {
    case .float64: FloatSum()
    case .decimal(_, let scale): DecimalSum(scale: scale)
    case .duration(let unit)?: IntegerSum(type: .duration(unit))
    default: IntegerSum(type: .int64)
    }
  }
}

/// Exact sums: int64 stays exact, float64 is exact until the sum is rounded once.
class SumAccumulator: Accumulator {
  /// The sum of each group; null over no values.
  func totals(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column { preconditionFailure("of integers or floats") }

  /// The mean of each group; null over no values.
  func means(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> Column { preconditionFailure("of integers or floats") }
}

extension Overload {
  /// Lengths of time, as such.
  static let lengthsOfTime = [TimeResolution.microseconds, .nanoseconds].map {
    Overload.from(.duration($0), to: .duration($0))
  }

  /// The sum of any number of decimals.
  static let total = Overload([.decimal(0)], result: .decimalResult(.total, 0, 0))

  /// What is told of decimals as a float.
  static let floatOfDecimal = Overload([.decimal(0)], result: .exact(.float64))
}
