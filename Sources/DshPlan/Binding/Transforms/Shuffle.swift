// Binds `shuffle`: a sort by keys that look like chance.

import DshColumns
import DshLanguage

/// `shuffle`.
struct ShuffleBinding: TransformBinding {
  let verb = Verb.ID.shuffle

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    let keyed = LogicalPlan.operation(Operation(RandomKey("random key", seed: stage.seed)), [input])
    return .project(.sort(keyed, [SortColumn(input.schema.count, descending: false)]), binder.identity(input.schema))
  }
}
