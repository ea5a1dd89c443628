// Reads a split of a file: its columns as those of the `read`, with a filter applied before the other columns are made.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

/// How a column of a `read` comes about in one file.
public enum ReadColumn: Hashable, Sendable {
  /// A column of the file, by its place among the scanned ones.
  case scanned(Int)
  /// The file has no such column.
  case missing(DataType)
  /// The same in all rows: the path of the file, or what the names of its folders say.
  case constant(Value, DataType)
}

/// A part of a file, and how the columns of the `read` come of it.
public struct ReadSplit: SourceSpec {
  public static let name = "scan"

  public var scan: FileScan
  /// The columns of the `read`, and their names.
  public var columns: [ReadColumn]
  public var names: [String]

  public init(_ scan: FileScan, columns: [ReadColumn], names: [String]) {
    self.scan = scan
    self.columns = columns
    self.names = names
  }

  public var title: String { "read" }
  public var verb: String? { "read" }
  public var sizeBytes: Int { scan.bytes.count }

  public var schema: Schema {
    Schema(
      zip(names, columns).map { name, column in
        switch column {
        case .scanned(let index): Field(name, scan.schema[scan.wanted[index]].type)
        case .missing(let type), .constant(_, let type): Field(name, type)
        }
      })
  }

  public var counting: ReadSplit {
    var scan = scan
    scan.wanted = []
    return ReadSplit(scan, columns: [], names: [])
  }

  /// The same with the start of its first record known.
  public func starting(at start: Int) -> ReadSplit { ReadSplit(scan.starting(at: start), columns: columns, names: names) }

  /// All columns of the filter have to be in the file.
  public func canApply(_ predicate: Expression) -> Bool {
    !predicate.columns.isEmpty
      && predicate.columns.allSatisfy { index in
        guard columns.indices.contains(index), case .scanned = columns[index] else { return false }
        return true
      }
  }

  public func open(filter: Expression?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    try FileSplitSource(scan, columns: columns, schema: schema, filter: filter, batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    scan.encode(to: &writer)
    writer.write(columns) { writer, column in
      switch column {
      case .scanned(let index):
        writer.write(UInt8(0))
        writer.write(index)
      case .missing(let type):
        writer.write(UInt8(1))
        writer.write(type)
      case .constant(let value, let type):
        writer.write(UInt8(2))
        writer.write(value)
        writer.write(type)
      }
    }
    writer.write(names) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    scan = try FileScan(from: &reader)
    columns = try reader.readArray { reader in
      switch try reader.readUInt8() {
      case 0: return .scanned(try reader.readInt())
      case 1: return .missing(try reader.readType())
      case 2: return .constant(try reader.readValue(), try reader.readType())
      case let tag: throw DecodingFailure("unknown column tag \(tag)")
      }
    }
    names = try reader.readArray { try $0.readString() }
    let isSound = columns.allSatisfy { if case .scanned(let place) = $0 { scan.wanted.indices.contains(place) } else { true } }
    guard isSound, names.count == columns.count else { throw DecodingFailure("columns that the scan does not give") }
  }
}

/// The rows of a split of a file, in the columns of the `read`.
private final class FileSplitSource: BatchSource {
  let schema: Schema
  private let reader: SplitReader
  private let columns: [ReadColumn]
  /// The filter that the reader applies before it reads the other columns, and how many rows entered it.
  private let predicate: FilterPredicate?

  init(_ scan: FileScan, columns: [ReadColumn], schema: Schema, filter: Expression?, batchRows: Int) throws {
    self.columns = columns
    self.schema = schema
    predicate = try filter.map { try FilterPredicate($0, columns: columns, scan: scan) }
    reader = try SplitReader(scan, predicate: predicate, batchRows: batchRows)
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
