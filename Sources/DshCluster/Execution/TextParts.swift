// The whole of a plan as text, part by part in order: what `write` and the data formats are made of.

import DshDiagnostics
import DshFormats
import DshPlan
import DshStore

/// Which of the parts of a text is handed over.
public struct PartPlace: Hashable, Sendable {
  public let index: Int
  public let count: Int
}

extension PlanExecutor {
  /// Computes a plan as text in a format and hands the parts over in order; each part's memory is given back before the next ones are asked for.
  ///
  /// When nodes die and the statement is repeated, parts that were handed over already are made again and compared, but not handed over again.
  ///
  /// - Throws: `text-changed` if a part that was handed over can't be made again as it was.
  public func text(
    _ plan: LogicalPlan, format: String, part: @escaping (UnsafeRawBufferPointer, PartSummary, PartPlace) throws -> Void
  ) throws -> (units: Int, rows: Int, bytes: Int) {
    let units = try prepare(optimize(plan))
    let context = cluster.headContext()
    let tasks = units.map { task($0, .text(format: format)) }
    let stage = StageRun(name: "text", tasks: tasks, known: Array(repeating: nil, count: tasks.count))
    defer { stages.append(stage.statistics) }
    // Twice as many parts as can be made at once may wait for their turn, so that writing does not grow the stores.
    try run(stage, window: max(2, slots * 2)) { [self] result, report in
      defer { cluster.settle(result.blocks, as: .freed) }
      guard let location = result.blocks.first else { preconditionFailure("a text task makes one block") }
      let block = try context.bytes(of: location)
      let made = PartSummary(rows: report.rows, byteCount: block.bytes.count, metadata: report.partMetadata)
      if stage.next < deliveredParts.count {
        guard deliveredParts[stage.next] == made else { throw textChanged(stage.next) }
      } else {
        context.countReadInPlace(block.bytes.count, of: block)
        deliveredParts.append(made)
        try part(block.bytes, made, PartPlace(index: stage.next, count: stage.tasks.count))
      }
      let unit = stage.tasks[stage.next].unit
      return UnitResult(report: report, slice: nil, origin: unit.origin, verbs: unit.verbs, wasReused: false)
    }
    return (units.count, deliveredParts.reduce(0) { $0 + $1.rows }, deliveredParts.reduce(0) { $0 + $1.byteCount })
  }

  private func textChanged(_ part: Int) -> Diagnostic {
    Diagnostic(
      "text-changed", .cluster, "a node died, and part \(part + 1) of the output, which was written already, comes out differently now",
      notes: ["nothing is written twice: run the statement again"])
  }
}
