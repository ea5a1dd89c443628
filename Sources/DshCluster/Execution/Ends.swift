// The first and the last rows of a plan, and how many there are: what `show` brings to the head.

import DshColumns
import DshDiagnostics
import DshPlan
import DshStore

extension PlanExecutor {
  /// The first and last rows of a plan, with the number of the first ones among them and the number of all rows of the plan.
  public func ends(of plan: LogicalPlan, first: Int, last: Int) throws -> (rows: Batch, first: Int, total: Int) {
    let optimized = optimize(plan)
    let (results, _) = try run(prepare(optimized), sink: .ends(first: first, last: last), passesBlocks: true, stage: "show")
    let total = results.reduce(0) { $0 + $1.report.rowsOut }
    let fromStart = min(first, total)
    let slices =
      slices(results, count: fromStart) { slice, count in slice.prefix(count) }
      + slices(results.reversed(), count: min(last, total - fromStart)) { slice, count in
        slice.part(slice.rows.count - count..<slice.rows.count)
      }.reversed()
    return (try collect(slices, schema: optimized.schema), fromStart, total)
  }

  /// So many rows from the results in this order; `part` says which of a result's rows are the next.
  private func slices(_ results: [UnitResult], count: Int, _ part: (BlockSlice, Int) -> BlockSlice) -> [BlockSlice] {
    var remaining = count
    return results.compactMap { result in
      guard let slice = result.slice, remaining > 0, !slice.rows.isEmpty else { return nil }
      let taken = min(remaining, slice.rows.count)
      remaining -= taken
      return part(slice, taken)
    }
  }
}
