// `count`: the number of rows.

import DshLanguage
import DshPlan

struct CountAction: Action {
  let verb = Verb.ID.count
  let givesValue = true

  func perform(_ context: ActionContext) throws { try context.emitAggregate(AggregateCall("count", .count, nil), named: "count") }
}
