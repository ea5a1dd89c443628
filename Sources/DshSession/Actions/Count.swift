// `count`: the number of rows.

import DshEngine
import DshLanguage
import DshPlan

struct CountAction: Action {
  let verb = Verb.ID.count
  let givesValue = true

  func perform(_ context: ActionContext) throws {
    guard let call = AggregateRegistry().signature(of: verb.name)?.call(verb.name, []) else {
      preconditionFailure("count needs no argument")
    }
    try context.emitAggregate(call, named: verb.name)
  }
}
