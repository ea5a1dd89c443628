// Where the batches of a task come from.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan

/// Gives batches until there are no more.
protocol BatchSource: AnyObject {
  var schema: Schema { get }
  var scanned: ScanProgress { get }
  /// The next batch that has rows, or nil at the end.
  func next() throws -> Batch?
  /// Adds what the source knows to the report; throws if what was read can't stand.
  func finish(_ report: inout PipelineReport) throws
}

/// Whole numbers in steps.
final class RangeSource: BatchSource {
  let schema = Schema([Field("id", .int64)])
  private var nextValue: Int64
  private let step: Int64
  private var remaining: Int
  private let total: Int
  private let batchRows: Int

  init(start: Int64, step: Int64, count: Int, batchRows: Int) {
    nextValue = start
    self.step = step
    remaining = count
    total = count
    self.batchRows = batchRows
  }

  func next() throws -> Batch? {
    guard remaining > 0 else { return nil }
    let count = min(batchRows, remaining)
    let values = MutableBuffer(capacity: count * 8)
    let output = values.pointer(to: Int64.self)
    for row in 0..<count { output[row] = nextValue &+ Int64(row) &* step }
    values.byteCount = count * 8
    nextValue &+= Int64(count) &* step
    remaining -= count
    return Batch(
      schema: schema, columns: [Column(type: .int64, count: count, validity: nil, storage: .fixed(values.freeze()))], rowCount: count)
  }

  var scanned: ScanProgress { ScanProgress(rows: total - remaining, bytes: 0) }

  func finish(_ report: inout PipelineReport) {}
}

/// One batch that is there already, cut into pieces of at most `batchRows`.
final class WholeSource: BatchSource {
  let schema: Schema
  private let whole: Batch
  private var position = 0
  private let batchRows: Int

  init(_ whole: Batch, batchRows: Int) {
    self.whole = whole
    schema = whole.schema
    self.batchRows = batchRows
  }

  func next() throws -> Batch? {
    guard position < whole.rowCount else { return nil }
    let count = min(batchRows, whole.rowCount - position)
    defer { position += count }
    return whole.slice(from: position, count: count)
  }

  var scanned: ScanProgress { ScanProgress(rows: position, bytes: 0) }

  func finish(_ report: inout PipelineReport) { report.rowsScanned += position }
}

/// The rows of a split of a file, in the columns of the `read`.
final class FileSplitSource: BatchSource {
  let schema: Schema
  private let reader: SplitReader
  private let columns: [ReadColumn]
  /// The filter that the reader applies before it reads the other columns, and how many rows entered it.
  private let predicate: FilterPredicate?

  init(_ scan: FileScan, columns: [ReadColumn], names: [String], filter: Expression?, batchRows: Int) throws {
    self.columns = columns
    schema = Schema(
      zip(names, columns).map { name, column in
        switch column {
        case .scanned(let index): Field(name, scan.schema[scan.wanted[index]].type)
        case .missing(let type): Field(name, type)
        case .path: Field(name, .string)
        }
      })
    predicate = try filter.map { try FilterPredicate($0, columns: columns, scan: scan) }
    reader = try SplitReader(scan, predicate: predicate, batchRows: batchRows)
  }

  /// Whether a filter over the columns of a `read` can be applied by the reader: all its columns are in the file.
  static func canScan(_ filter: Expression, columns: [ReadColumn]) -> Bool {
    !filter.columns.isEmpty
      && filter.columns.allSatisfy { index in
        if case .scanned = columns[index] { return true }
        return false
      }
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
      case .path(let path): Column.repeating(.string(path), type: .string, count: batch.rowCount)
      }
    }
    return Batch(schema: schema, columns: output, rowCount: batch.rowCount)
  }

  var scanned: ScanProgress { reader.scanned }

  /// Rows that entered the filter that the reader applies.
  var rowsFiltered: Int { predicate?.rows ?? 0 }

  /// Where the first record of the split begins.
  var start: Int { reader.start }

  func finish(_ report: inout PipelineReport) throws {
    let findings = try reader.finish()
    report.rowsScanned = findings.scanned.rows
    report.bytesScanned = findings.scanned.bytes
    report.irregular = findings.irregular
    report.scanRange = findings.range
  }
}

/// A filter evaluated inside the scan, over just its own columns.
private final class FilterPredicate: ScanPredicate {
  let columns: [Int]
  private let condition: CompiledExpression
  private(set) var rows = 0
  /// An error of a row; the rows before it go on first.
  private(set) var pending: StepError?

  /// Compiles the filter over its columns in ascending order.
  init(_ filter: Expression, columns: [ReadColumn], scan: FileScan) throws {
    let used = filter.columns.sorted()
    self.columns = used.compactMap { index in
      if case .scanned(let place) = columns[index] { scan.wanted[place] } else { nil }
    }
    let types = self.columns.map { scan.schema[$0].type }
    let moved = filter.mapColumns { index, type in .column(used.firstIndex(of: index) ?? 0, type) }
    condition = try CompiledExpression(moved, inputs: types)
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

/// A row error with its place in the task: which step, and which of the rows that entered it.
struct StepError: Error {
  var diagnostic: Diagnostic

  init(_ error: RowError, step: Int, rowsBefore: Int) {
    diagnostic = error.diagnostic
    diagnostic.row = RowPlace(step: step, row: rowsBefore + error.row, part: error.part)
  }
}
