// `product`, and the states of products.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let product = Aggregate(
    "product", ["x"], [.from(.int64, to: .int64), .from(.float64, to: .float64), .from(.null, to: .int64)],
    "The product: exact for int64, where overflow is an error; of float64 rounded once from twice as many digits. Nulls are skipped, null over no values.",
    examples: [
      "read data/weather.csv | agg growth = product(1 + wind / 100) | take",
      "read data/weather.csv | limit 9 | agg product(wind) by weather | take",
    ],
    state: AggregateState("product", { $0 == [.float64] ? [.float64, .float64, .int64, .int64, .int64] : [.int64, .int64, .int64] }) {
      $0.arguments == [.float64] ? FloatProduct() : IntegerProduct()
    },
    result: { products, _, rowCounts, groupCount throws(RowError) in try products.totals(rowCounts, groupCount) })
}

/// Products of integers or of floats.
class ProductAccumulator: Accumulator {
  /// The product of each group; null over no values.
  func totals(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column { preconditionFailure("of integers or floats") }
}
