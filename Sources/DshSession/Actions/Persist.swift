// `persist` and `materialize`: compute now and keep the blocks where they were made, or under a name as a file.

import DshBackend
import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan

/// Keeps blocks, pinned or as long as memory allows.
struct KeepAction: Action {
  let verb: Verb.ID
  let isPinned: Bool

  func check(_ stage: StageSyntax, over plan: LogicalPlan, with binder: inout Binder) {
    let keep = stage.option("keep").flatMap { $0.bool == false ? nil : $0 }
    if let keep, stage.keptName == nil {
      binder.report(
        Diagnostic(
          .invalidOptionValue, .user, "--keep has no name to keep the dataset under", span: keep.span,
          suggestion: "write persist NAME, or name it in front: NAME = … | persist --keep"))
    }
    if let level = stage.option("level"), keep != nil || stage.keptName != nil {
      binder.report(
        Diagnostic(
          .invalidOptionValue, .user, "--level is about blocks in stores, and what is kept under a name is a file", span: level.span,
          suggestion: "leave out --level, or the name"))
    }
  }

  func perform(_ context: ActionContext) throws {
    if let name = context.stage.keptName { return try context.keep(as: name) }
    let (session, backend, pinned) = (context.session, context.backend, isPinned)
    let wanted = context.option("level")?.value.flatMap { StorageLevel(rawValue: $0.text) }
    let level: StorageLevel? = pinned ? wanted ?? .memory : nil
    let dataset = session.state.datasets[context.dataset]
    let plan = try dataset.kept ?? session.state.bindPlan(of: context.dataset)
    let result = try context.run(.kept(level), of: plan)
    // It is kept once more for a moment, so that nothing is lost when it was kept before in another way.
    if dataset.kept != nil { backend.release(plan, pinned: dataset.isPinned) }
    session.state.datasets[context.dataset].kept = plan
    session.state.datasets[context.dataset].isPinned = pinned
    let kept = backend.kept(plan) ?? KeptBlocks(blocks: [], isPinned: pinned)
    let verb = pinned ? "persisted" : "materialized"
    let size =
      "\(counted(kept.blocks.count, "block")), \(counted(kept.rows, "row")), \(bytesText(kept.bytes)) \(pinned ? "pinned" : "kept while memory allows")"
    let onDisk = kept.blocks.filter(\.isOnDisk)
    let disk = onDisk.isEmpty ? "" : ", \(groupedText(onDisk.count)) of them on disk (\(bytesText(onDisk.reduce(0) { $0 + $1.bytes })))"
    let places = placement(kept)
    context.receipt(
      result.work, rows: kept.rows,
      lines: ["\(context.title) \(verb): \(size)\(disk)\(places.isEmpty ? "" : "; " + places); \(movedText(result.work))"])
  }

  /// `node1 2 blocks 59 KiB, node2 2 blocks 59 KiB`.
  private func placement(_ kept: KeptBlocks) -> String {
    var byNode: [String: (blocks: Int, bytes: Int)] = [:]
    for block in kept.blocks {
      byNode[block.node, default: (0, 0)] = (
        byNode[block.node, default: (0, 0)].blocks + 1, byNode[block.node, default: (0, 0)].bytes + block.bytes
      )
    }
    return byNode.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
      .map { "\($0.key) \(counted($0.value.blocks, "block")) \(bytesText($0.value.bytes))" }.joined(separator: ", ")
  }
}
