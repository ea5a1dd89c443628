// A catalog of two aggregates, for plans: the real one is the engine's.

import DshColumns
import DshPlan

struct SomeAggregates: AggregateCatalog {
  private static let all = [
    AggregateSignature(
      "count", parameters: [], overloads: [Overload([], result: .exact(.int64))], summary: "", examples: [], stateTypes: { _ in [.int64] }),
    AggregateSignature(
      "sum", parameters: ["x"], overloads: [Overload([.variable(0)], result: .variable(0))], summary: "", examples: [],
      stateTypes: { $0 + [.int64] }),
  ]

  func signature(of name: String) -> AggregateSignature? { Self.all.first { $0.name == name } }

  var names: [String] { Self.all.map(\.name) }
}

func aggregateCall(_ name: String, _ arguments: [Expression]) -> AggregateCall {
  guard let call = SomeAggregates().signature(of: name)?.call(name, arguments) else { preconditionFailure("\(name) is in the catalog") }
  return call
}
