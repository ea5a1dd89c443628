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
  /// The longest columns so far of those that are not read, by number.
  private var repeated: [Int: Column] = [:]
  /// The filter that the reader applies before it reads the other columns, and how many rows entered it.
  private let predicate: FilterPredicate?

  /// - Parameter rowsBefore: the rows that entered the filter before those of the split.
  init(_ split: ReadSplit, filter: SourceFilter?, rowsBefore: Int, batchRows: Int) throws {
    schema = split.schema
    predicate = try filter.map { try FilterPredicate($0.predicate, columns: split.columns, scan: split.scan, rowsBefore: rowsBefore) }
    var (scan, columns) = (split.scan, split.columns)
    if let kept = filter?.kept {
      var wanted: [Int] = []
      for (index, column) in columns.enumerated() {
        guard case .scanned(let place) = column else { continue }
        guard kept.contains(index) else {
          columns[index] = .missing(schema[index].type)
          continue
        }
        columns[index] = .scanned(wanted.count)
        wanted.append(scan.wanted[place])
      }
      scan.wanted = wanted
    }
    self.columns = columns
    reader = try SplitReader(scan, predicate: predicate, batchRows: batchRows)
  }

  func next() throws -> Batch? {
    if let pending = predicate?.pending { throw pending }
    guard let batch = try reader.next() else {
      if let pending = predicate?.pending { throw pending }
      return nil
    }
    let output = columns.indices.map { index in
      switch columns[index] {
      case .scanned(let place): batch.columns[place]
      case .missing(let type): repeating(.null, type, in: index, count: batch.rowCount)
      case .constant(let value, let type): repeating(value, type, in: index, count: batch.rowCount)
      }
    }
    return Batch(schema: schema, columns: output, rowCount: batch.rowCount)
  }

  /// A column of one value: a part of the longest so far, which is twice as long each time.
  private func repeating(_ value: Value, _ type: DataType, in index: Int, count: Int) -> Column {
    let known = repeated[index]
    if let known, known.count >= count { return known.slice(from: 0, count: count) }
    let column = Column.repeating(value, type: type, count: max(count, 2 * (known?.count ?? 0)))
    repeated[index] = column
    return column.slice(from: 0, count: count)
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
    report.inPlaceBytes = findings.inPlaceBytes
    report.scanRange = findings.range
  }
}
