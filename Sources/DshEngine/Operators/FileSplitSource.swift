// Reads a split of a file: its columns as those of the `read`, with a filter applied before the other columns are made.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

/// The rows of a split of a file, in the columns of the `read`.
final class FileSplitSource: BatchSource {
  let schema: Schema
  private let reader: SplitReader
  private let columns: [ReadColumn]
  /// The filter that the reader applies before it reads the other columns, and how many rows entered it.
  private let predicate: FilterPredicate?

  /// - Parameter rowsBefore: the rows that entered the filter before those of the split.
  init(_ split: ReadSplit, filter: Expression?, rowsBefore: Int, batchRows: Int) throws {
    columns = split.columns
    schema = split.schema
    predicate = try filter.map { try FilterPredicate($0, columns: split.columns, scan: split.scan, rowsBefore: rowsBefore) }
    reader = try SplitReader(split.scan, predicate: predicate, batchRows: batchRows)
  }

  func next() throws -> Batch? {
    if let pending = predicate?.pending { throw pending }
    guard let batch = try reader.next() else {
      if let pending = predicate?.pending { throw pending }
      return nil
    }
    let output = columns.map { column in
      switch column {
      case .scanned(let index): batch.columns[index]
      case .missing(let type): Column.repeating(.null, type: type, count: batch.rowCount)
      case .constant(let value, let type): Column.repeating(value, type: type, count: batch.rowCount)
      }
    }
    return Batch(schema: schema, columns: output, rowCount: batch.rowCount)
  }

  var scanned: ScanProgress { reader.scanned }

  var rowsFiltered: Int { predicate?.rows ?? 0 }

  func begin(_ report: inout TaskReport) { report.scanRange = reader.start..<reader.start }

  func finish(_ report: inout TaskReport) throws {
    let findings = try reader.finish()
    report.rowsScanned = findings.scanned.rows
    report.bytesScanned = findings.scanned.bytes
    report.irregular = findings.irregular
    report.rowGroups = findings.rowGroups
    report.scanRange = findings.range
  }
}

/// A filter evaluated inside the scan, over just its own columns.
private final class FilterPredicate: ScanPredicate {
  let columns: [Int]
  private let condition: CompiledExpression
  private let expression: Expression
  private let schema: Schema
  /// The rows that came in so far, those before the split included.
  private(set) var rows: Int
  /// An error of a row; the rows before it go on first.
  private(set) var pending: StepError?

  /// Compiles the filter over its columns in ascending order.
  init(_ filter: Expression, columns: [ReadColumn], scan: FileScan, rowsBefore: Int) throws {
    rows = rowsBefore
    let used = filter.columns.sorted()
    self.columns = used.compactMap { index in
      if case .scanned(let place) = columns[index] { scan.wanted[place] } else { nil }
    }
    let types = self.columns.map { scan.schema[$0].type }
    let moved = filter.mapColumns { index, type in .column(used.firstIndex(of: index) ?? 0, type) }
    expression = moved
    schema = Schema(self.columns.map { scan.schema[$0] })
    condition = try CompiledExpression(moved, inputs: types)
  }

  func mayKeep(_ statistics: [ColumnStatistics?], mayHold: (Int, Value) -> Bool) -> Bool {
    BlockPruning.mayPass(expression, statistics, schema: schema, mayHold: mayHold)
  }

  func select(_ batch: Batch) throws -> Bitmap? {
    defer { rows += batch.rowCount }
    if pending != nil { return .repeating(false, count: batch.rowCount) }
    do {
      return try condition.evaluateSelection(batch.columns, rowCount: batch.rowCount)
    } catch {
      pending = StepError(error, step: 0, rowsBefore: rows)
      let kept = batch.slice(from: 0, count: error.row)
      let before = try condition.evaluateSelection(kept.columns, rowCount: kept.rowCount)
      return .make(count: batch.rowCount) { $0 < before.wordCount ? before.word($0) : 0 }
    }
  }
}
