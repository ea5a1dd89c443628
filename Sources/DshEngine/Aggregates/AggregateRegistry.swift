// All aggregates by name: the catalog that binding, help, completion and the reference are made from.

import DshPlan

/// Every aggregate of the language.
public struct AggregateRegistry: AggregateCatalog {
  public init() {}

  /// All aggregates in the order of the reference.
  public static let all: [Aggregate] = counts + sums + moments + quantiles + values

  private static let counts: [Aggregate] = [count, countDistinct, approxCountDistinct, distinctSummary, countNulls, nullShare, histogram]
  private static let sums: [Aggregate] = [sum, product, mean, anyOne, everyOne]
  private static let moments: [Aggregate] = [std, stdPop, variance, variancePop, skew, kurtosis, corr, covar, covarPop]
  private static let quantiles: [Aggregate] = [min, max, median, quantile, approxQuantile]
  private static let values: [Aggregate] = [mode, first, last, argMin, argMax, list, stringJoin]

  private static let byName: [String: Aggregate] = Dictionary(
    all.map { ($0.signature.name, $0) },
    uniquingKeysWith: { first, _ in preconditionFailure("one aggregate per name: \(first.signature.name)") })

  public static func aggregate(named name: String) -> Aggregate? { byName[name] }

  public func signature(of name: String) -> AggregateSignature? { Self.byName[name]?.signature }

  public var names: [String] { Self.all.map(\.signature.name) }
}
