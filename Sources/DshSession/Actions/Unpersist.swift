// `unpersist`: releases the pins of a dataset.

import DshBackend
import DshDiagnostics
import DshLanguage

struct UnpersistAction: Action {
  let verb = Verb.ID.unpersist
  let runsData = false

  func rowsNeeded(by stage: StageSyntax, in source: SourceText, _ session: Session) -> Int? { 0 }

  func perform(_ context: ActionContext) throws {
    let (session, backend) = (context.session, context.backend)
    let dataset = session.state.datasets[context.dataset]
    if dataset.kept == nil, let file = session.state.keptFile(context.dataset) {
      throw Diagnostic(
        .notPersisted, "\(context.title) is kept in a file, and has no pins", span: context.stage.verb.span,
        suggestion: "to remove it: forget \(file.name)")
    }
    guard let plan = dataset.kept else {
      throw Diagnostic(
        .notPersisted, "\(context.title) is not persisted", span: context.stage.verb.span, suggestion: "see: datasets")
    }
    let kept = backend.kept(plan)
    backend.release(plan, pinned: dataset.isPinned)
    session.state.datasets[context.dataset].kept = nil
    session.state.datasets[context.dataset].isPinned = false
    let size = "\(counted(kept?.blocks.count ?? 0, "block")), \(bytesText(kept?.bytes ?? 0))"
    let isStillPinned = backend.kept(plan)?.isPinned ?? false
    context.receipt(
      RunWork(), rows: 0,
      lines: [
        "\(context.title) released: \(size) \(isStillPinned ? "still pinned by another dataset of the same rows" : "no longer pinned")"
      ])
  }
}
