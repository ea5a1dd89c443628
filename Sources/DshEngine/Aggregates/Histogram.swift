// `histogram`: how many values lie between bounds.

import DshColumns
import DshDiagnostics
import DshPlan

extension AggregateRegistry {
  static let histogram = Aggregate(
    "histogram", ["x", "bounds"], constants: 1,
    [Overload([.exact(.float64), .list(.exact(.float64))], result: .exact(.list(.int64)))],
    "How many values lie in each bin between ascending bounds, the lower one included, of the last bin both; nulls and values beyond are not counted.",
    examples: [
      "read data/weather.csv | agg histogram(wind, [0, 2, 4, 6, 8, 10]) | take",
      "read data/weather.csv | agg histogram(wind, [0, 5, 10]) by weather | take",
    ],
    state: AggregateState("histogram", dependsOnConstants: true, { _ in [.list(.int64)] }) { BinCounts(bounds: $0.bounds) },
    checkConstants: { constants throws(Diagnostic) in
      guard case .list(let members)? = constants.first else {
        throw Diagnostic(.badConstant, "the bounds of histogram(x, bounds) are a list of numbers", suggestion: "such as [0, 10, 20]")
      }
      let bounds = numbers(members)
      guard bounds.count == members.count, bounds.count >= 2, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw Diagnostic(
          .badConstant, "the bounds of histogram(x, bounds) are at least two ascending numbers", suggestion: "such as [0, 10, 20]")
      }
      guard bounds.count <= BinCounts.greatestBoundCount else {
        throw Diagnostic(.badConstant, "histogram takes at most \(BinCounts.greatestBoundCount) bounds")
      }
    },
    result: { counts, _, _, groupCount in counts.lists(groupCount) })

  fileprivate static func numbers(_ members: [Value]) -> [Double] {
    members.compactMap { if case .float64(let number) = $0, !number.isNaN { number } else { nil } }
  }
}

extension AggregateSite {
  fileprivate var bounds: [Double] {
    guard case .list(let members)? = constants.first else { preconditionFailure("the bounds were checked") }
    return AggregateRegistry.numbers(members)
  }
}
