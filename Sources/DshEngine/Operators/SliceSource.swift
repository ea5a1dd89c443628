// Gives the rows of slices of blocks, one after another.

import DshColumns
import DshDiagnostics
import DshFormats

/// The rows of slices, one after another; no more than one of them is at hand at a time.
final class SliceSource: BatchSource {
  let schema: Schema
  private let slices: [BlockSlice]
  private var nextSlice = 0
  private var current: WholeSource?
  private var rows = 0
  private let batchRows: Int
  private let environment: any TaskEnvironment
  /// What becomes of the rows of a slice, by its place.
  private let made: (Batch, Int) -> Batch

  init(
    _ slices: [BlockSlice], _ schema: Schema, batchRows: Int, _ environment: any TaskEnvironment,
    made: @escaping (Batch, Int) -> Batch = { rows, _ in rows }
  ) {
    self.slices = slices
    self.schema = schema
    self.batchRows = batchRows
    self.environment = environment
    self.made = made
  }

  func next() throws -> Batch? {
    while true {
      if let batch = try current?.next() {
        rows += batch.rowCount
        return batch
      }
      guard slices.indices.contains(nextSlice) else { return nil }
      defer { nextSlice += 1 }
      try environment.checkCancelled()
      let whole = try environment.rows(of: slices[nextSlice])
      guard whole.columns.map(\.type) == schema.types else { throw Diagnostic(.badPlan, "rows that have other columns") }
      current = WholeSource(made(whole, nextSlice), batchRows: batchRows)
    }
  }

  var scanned: ScanProgress { ScanProgress(rows: rows, bytes: 0) }

  func finish(_ report: inout TaskReport) { report.rowsScanned += rows }
}
