// `count`: the number of rows.

import DshEngine
import DshLanguage
import DshPlan

struct CountAction: Action {
  let verb = Verb.ID.count
  let givesValue = true

  /// The number of all rows.
  static var call: AggregateCall {
    let name = Verb.ID.count.name
    guard let call = AggregateRegistry().signature(of: name)?.call(name, []) else { preconditionFailure("count needs no argument") }
    return call
  }

  func perform(_ context: ActionContext) throws { try context.emitAggregate(Self.call, named: verb.name) }
}
