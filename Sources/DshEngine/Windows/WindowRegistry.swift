// All functions over windows by name: the catalog that binding, help, completion and the reference are made from.

import DshPlan

/// Every function that exists over windows alone.
public struct WindowRegistry: WindowCatalog {
  public init() {}

  /// All of them in the order of the reference.
  public static let all: [WindowFunction] = [
    rowNumber, rank, denseRank, percentRank, cumulativeDistribution, ntile, lag, lead, first, last,
  ]

  private static let byName = Dictionary(
    all.map { ($0.signature.name, $0) },
    uniquingKeysWith: { first, _ in preconditionFailure("one function over windows per name: \(first.signature.name)") })

  static func function(named name: String) -> WindowFunction? { byName[name] }

  public func signature(of name: String) -> WindowSignature? { Self.byName[name]?.signature }

  public var names: [String] { Self.all.map(\.signature.name) }
}
