// What is done with the outputs of the last stage: rows are brought to the head, aggregates merged there, text handed on.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshPlanner
import DshStore

extension GraphRunner {
  /// The stages of a plan after all rules.
  func graph(of plan: LogicalPlan, for result: StageResult) -> StageGraph { graph(ofOptimized: optimize(plan), for: result) }

  func graph(ofOptimized plan: LogicalPlan, for result: StageResult) -> StageGraph {
    let kept = persisted
    var context = PlanningContext(
      persistedBytes: { kept[$0]?.bytes ?? 0 }, persistedColumnAscends: { kept[$0]?.ascends(column: $1) ?? false })
    context.shareBytes = shareBytes
    context.storesBytes = cluster.taskMemoryBytes * cluster.slots
    return PhysicalPlanner(context).graph(of: plan, for: result)
  }

  /// What one task may read to merge it in memory, whatever it makes of it.
  var shareBytes: Int { shareBytes(of: FinalAggregate.workingShares) }

  /// What one task may make a block of.
  var blockBytes: Int { shareBytes(of: 3) }

  /// What one task may read that holds so many times as much.
  func shareBytes(of workingShares: Int) -> Int {
    ExchangeSizing.shareBytes(taskMemoryBytes: cluster.taskMemoryBytes, workingShares: workingShares)
  }

  func optimize(_ plan: LogicalPlan) -> LogicalPlan {
    Optimizer(without: settings.disabledRules, mayFail: { CompiledExpression.mayFail($0, over: $1) }).optimize(plan)
  }

  /// The first rows, brought to the head.
  func head(_ graph: StageGraph, count: Int) throws -> RunReport {
    try using(graph.result) { run in
      let reader = cluster.headReader()
      var pulled: [Batch] = []
      var report = RunReport(rows: .empty(graph.result.schema))
      var remaining = count
      for (index, output) in run.verified.enumerated() {
        guard remaining > 0, let slice = output.slice, output.report.rows > 0 else { continue }
        let rows = min(remaining, output.report.rows)
        let before = reader.movedByteCount
        pulled += try reader.rows(of: [slice.prefix(rows)])
        report.parts.append(
          PulledPart(
            block: index, node: nodeName(slice.block.node), rows: rows, movedBytes: reader.movedByteCount - before,
            blockBytes: slice.block.byteCount))
        remaining -= rows
      }
      report.rows = try joined(pulled, graph.result.schema)
      let found = run.verified.reduce(0) { $0 + $1.report.rowsOut }
      let isComplete = run.ranFully && run.verified.allSatisfy(\.report.isComplete)
      report.totalRows = isComplete ? found : nil
      report.more = found > count ? .yes : isComplete ? .no : .maybe
      return report
    }
  }

  /// The first and last rows, and the number of all.
  func ends(_ graph: StageGraph, first: Int, last: Int) throws -> RunReport {
    try using(graph.result) { run in
      let outputs = run.verified
      let total = outputs.reduce(0) { $0 + $1.report.rowsOut }
      let fromStart = min(first, total)
      let slices =
        slices(outputs, count: fromStart) { slice, count in slice.prefix(count) }
        + slices(outputs.reversed(), count: min(last, total - fromStart)) { slice, count in
          slice.part(slice.rows.count - count..<slice.rows.count)
        }.reversed()
      var report = RunReport(rows: try collect(slices, graph.result.schema))
      report.firstRows = fromStart
      report.totalRows = total
      return report
    }
  }

  /// So many rows from the outputs in this order; `part` says which of an output's rows are the next.
  private func slices(_ outputs: [TaskOutput], count: Int, _ part: (BlockSlice, Int) -> BlockSlice) -> [BlockSlice] {
    var remaining = count
    return outputs.compactMap { output in
      guard let slice = output.slice, remaining > 0, !slice.rows.isEmpty else { return nil }
      let taken = min(remaining, slice.rows.count)
      remaining -= taken
      return part(slice, taken)
    }
  }

  /// All rows, unless they take more bytes than the limit allows.
  func all(_ graph: StageGraph, limitBytes: Int?) throws -> RunReport {
    try slices(of: graph, limitBytes: limitBytes) { slices in
      var report = RunReport(rows: try collect(slices, graph.result.schema))
      report.totalRows = slices.reduce(0) { $0 + $1.rows.count }
      return report
    }
  }

  /// What is made of the rows of all blocks where they lie; it is made once more if blocks are lost meanwhile.
  ///
  /// - Throws: `ByteLimitExceeded` if the blocks take more bytes than the limit allows.
  func slices<Result>(of graph: StageGraph, limitBytes: Int?, _ body: ([BlockSlice]) throws -> Result) throws -> Result {
    try using(graph.result) { run in
      let slices = run.verified.compactMap(\.slice)
      let bytes = slices.reduce(0) { $0 + $1.block.byteCount }
      if let limitBytes, bytes > limitBytes {
        throw ByteLimitExceeded(bytes: bytes, rows: slices.reduce(0) { $0 + $1.rows.count }, limitBytes: limitBytes)
      }
      return try body(slices.filter { !$0.rows.isEmpty })
    }
  }

  /// All blocks, which stay where they are.
  func blocks(_ graph: StageGraph) throws -> RunReport {
    var report = RunReport(rows: .empty(graph.result.schema))
    report.totalRows = try run(graph.result).verified.reduce(0) { $0 + ($1.slice?.rows.count ?? 0) }
    return report
  }

  /// Partial states of all rows, merged at the head: one row.
  func aggregates(_ graph: StageGraph, _ aggregation: Aggregation) throws -> RunReport {
    if let (row, blockCount) = answer(graph.result, aggregation) {
      skip(graph.result, blockCount: blockCount)
      return RunReport(rows: row)
    }
    return try using(graph.result) { run in
      let reader = cluster.headReader()
      let groups = try GroupedAggregator(aggregation)
      for states in try reader.rows(of: run.verified.compactMap(\.slice)) { groups.merge(states) }
      do throws(Diagnostic) { return RunReport(rows: try groups.finish()) } catch { throw error.blamed(on: aggregation) }
    }
  }

  /// All rows as text, handed over in order; each part's memory is given back before the next ones are asked for. A part that was handed over is
  /// done, whatever happens to nodes later.
  func text(_ graph: StageGraph, part: @escaping (TextPart) throws -> Void) throws -> RunReport {
    let reader = cluster.headReader()
    var rows = 0
    // Twice as many parts as can be made at once may wait for their turn, so that writing does not grow the stores.
    _ = try run(graph.result, window: max(2, cluster.slots * 2)) { [self] result, index, count, output in
      defer { cluster.settle(result.blocks, as: .freed) }
      guard let block = result.blocks.first else { preconditionFailure("a text task makes one block") }
      rows += output.report.rows
      try reader.withBytes(of: block) { bytes in
        try part(TextPart(bytes: bytes, rows: output.report.rows, metadata: output.report.partMetadata, index: index, count: count))
      }
      var written = output
      written.slice = nil
      return written
    }
    var report = RunReport(rows: .empty(graph.result.schema))
    report.totalRows = rows
    return report
  }

  /// Rows of blocks, brought to the head.
  private func collect(_ slices: [BlockSlice], _ schema: Schema) throws -> Batch {
    let reader = cluster.headReader()
    return try joined(try reader.rows(of: slices), schema)
  }

  private func joined(_ batches: [Batch], _ schema: Schema) throws -> Batch {
    try TextLimit.check(batches)
    return Batch.concatenate(batches.isEmpty ? [Batch.empty(schema)] : batches, schema: schema)
  }
}
