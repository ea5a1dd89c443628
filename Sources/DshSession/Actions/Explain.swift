// `explain`: the plan before anything of it runs.

import DshDiagnostics
import DshLanguage
import DshBackend
import DshRender

struct ExplainAction: Action {
  let verb = Verb.ID.explain
  let runsData = false

  func rowsNeeded(by stage: StageSyntax, in source: SourceText, _ session: Session) -> Int? { 0 }

  func perform(_ context: ActionContext) throws {
    context.emit(.lines(context.backend.explain(context.plan)))
  }
}
