// `quantile`: the value below which a share of the values lies.

import DshColumns
import DshDiagnostics
import DshPlan

extension AggregateRegistry {
  static let quantile = Aggregate(
    "quantile", ["x", "q"], constants: 1, [.from(.float64, .float64, to: .float64)],
    "The value below which the share q of the values lies, 0.5 for the median; between two values it is interpolated. Nulls are skipped.",
    examples: [
      "read data/weather.csv | agg quantile(wind, 0.5), quantile(wind, 0.9) | take",
      "read data/weather.csv | agg median = quantile(wind, 0.5) by weather | take",
    ],
    state: .values, checkConstants: checkShare,
    result: { values, site, _, groupCount in
      guard case .float64(let share)? = site.constants.first else { preconditionFailure("q was checked") }
      return values.quantiles(share, groupCount)
    })

  /// A share is a number from 0 to 1.
  static let checkShare: @Sendable ([Value]) throws(Diagnostic) -> Void = { constants throws(Diagnostic) in
    guard case .float64(0...1)? = constants.first else {
      throw Diagnostic(.badConstant, "the q of quantile(x, q) is a number from 0 to 1", suggestion: "0.5 is the median")
    }
  }
}

extension AggregateState where States == CollectedValues {
  static let values = AggregateState("values", { _ in [.list(.float64)] }) { _ in CollectedValues() }
}
