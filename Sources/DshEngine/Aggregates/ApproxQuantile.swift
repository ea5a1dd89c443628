// `approx_quantile`.

import DshColumns
import DshDiagnostics
import DshPlan

extension AggregateRegistry {
  static let approxQuantile = Aggregate(
    "approx_quantile", ["x", "q"], constants: 1, [.from(.float64, .float64, to: .float64)],
    "A value no more than 0.4 % from that below which the share q of the values lies (logarithmic bins as in DDSketch: little memory, "
      + "the same for every order of the rows); nulls are skipped, null over no values.",
    examples: [
      "read data/weather.csv | agg approx_quantile(wind, 0.9) | take",
      "read data/weather.csv | agg approx_quantile(wind, 0.5) by weather | take",
    ],
    state: AggregateState("bins", { _ in [.list(.int64), .list(.int64)] }) { _ in QuantileSketch() },
    checkConstants: checkShare,
    result: { bins, site, _, groupCount in
      guard case .float64(let share)? = site.constants.first else { preconditionFailure("q was checked") }
      return bins.quantiles(share, groupCount)
    })
}
