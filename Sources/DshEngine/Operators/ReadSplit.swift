// A task's share of a `read` that is a split of one file: which bytes, and how the columns of the `read` come of it.

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

  func encode(to writer: inout ByteWriter) {
    switch self {
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

  init(from reader: inout ByteReader) throws {
    switch try reader.readUInt8() {
    case 0: self = .scanned(try reader.readInt())
    case 1: self = .missing(try reader.readType())
    case 2: self = .constant(try reader.readValue(), try reader.readType())
    case let tag: throw DecodingFailure("unknown column tag \(tag)")
    }
  }
}

/// A part of a file, and how the columns of the `read` come of it.
public struct ReadSplit: SourceSpec, Hashable {
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

  /// The same as files look where a task runs.
  func asSeen(in environment: any TaskEnvironment) -> ReadSplit {
    guard environment.isElsewhere else { return self }
    var seen = self
    seen.scan = scan.acrossMachines
    return seen
  }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    try FileSplitSource(asSeen(in: environment), filter: filter, rowsBefore: 0, batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    scan.encode(to: &writer)
    writer.write(columns) { $1.encode(to: &$0) }
    writer.write(names) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    scan = try FileScan(from: &reader)
    columns = try reader.readArray { try ReadColumn(from: &$0) }
    names = try reader.readArray { try $0.readString() }
    let isSound = columns.allSatisfy { if case .scanned(let place) = $0 { scan.wanted.indices.contains(place) } else { true } }
    guard isSound, names.count == columns.count else { throw DecodingFailure("columns that the scan does not give") }
  }
}
