// One task's share of a CSV file: which bytes, which columns, in plain data.
import DshColumns
import DshSystem

/// A part of one file to read.
///
/// A record belongs to the part in which its first byte lies.
public struct CSVScan: Sendable {
  public var path: String
  /// What errors call the file; nil for its path.
  public var name: String?
  /// The file as it was when it was named; nil to take whatever is there.
  public var identity: FileIdentity?
  public var dialect: CSVDialect
  /// The names and types of all columns of the file.
  public var schema: Schema
  /// The columns to give back, in that order.
  public var wanted: [Int]
  /// The columns that decide which rows are wanted; they are parsed first, and given back only if they are `wanted` too.
  public var predicateColumns: [Int]
  /// The bytes of the part.
  public var start: Int
  public var end: Int
  /// Whether a record is known to start at `start`; otherwise the first start at or after it is guessed, and to be compared.
  public var startIsExact: Bool
  /// The most rows of a batch.
  public var batchRows: Int
  /// Whether batches are filled up to `batchRows` (for building blocks) instead of given out as rows come (for streaming).
  public var fillsBatches: Bool

  public static let defaultBatchRows = 8192

  public init(
    path: String, name: String? = nil, identity: FileIdentity? = nil, dialect: CSVDialect, schema: Schema, wanted: [Int],
    predicateColumns: [Int] = [],
    start: Int, end: Int,
    startIsExact: Bool = true, batchRows: Int = CSVScan.defaultBatchRows, fillsBatches: Bool = false
  ) {
    self.path = path
    self.name = name
    self.identity = identity
    self.dialect = dialect
    self.schema = schema
    self.wanted = wanted
    self.predicateColumns = predicateColumns
    self.start = start
    self.end = end
    self.startIsExact = startIsExact
    self.batchRows = batchRows
    self.fillsBatches = fillsBatches
  }

  /// The schema of the batches.
  public var outputSchema: Schema { Schema(wanted.map { schema[$0] }) }

  /// The borders of `count` parts of about the same size, the first one starting at `dataStart`.
  public static func parts(dataStart: Int, sizeBytes: Int, count: Int) -> [Range<Int>] {
    let length = max(0, sizeBytes - dataStart)
    let parts = max(1, min(count, length))
    let borders = (0...parts).map { dataStart + Int((Double(length) * Double($0) / Double(parts)).rounded(.down)) }
    return (0..<parts).map { borders[$0]..<($0 == parts - 1 ? dataStart + length : borders[$0 + 1]) }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(path)
    writer.write(name) { $0.write($1) }
    writer.write(identity?.numbers ?? []) { $0.write($1) }
    dialect.encode(to: &writer)
    writer.write(schema)
    writer.write(wanted) { $0.write($1) }
    writer.write(predicateColumns) { $0.write($1) }
    writer.write(start)
    writer.write(end)
    writer.write(startIsExact)
    writer.write(batchRows)
    writer.write(fillsBatches)
  }

  public init(from reader: inout ByteReader) throws {
    path = try reader.readString()
    name = try reader.readOptional { try $0.readString() }
    identity = FileIdentity(numbers: try reader.readArray { try $0.readInt64() })
    dialect = try CSVDialect(from: &reader)
    schema = try reader.readSchema()
    wanted = try reader.readArray { try $0.readInt() }
    predicateColumns = try reader.readArray { try $0.readInt() }
    start = try reader.readInt()
    end = try reader.readInt()
    startIsExact = try reader.readBool()
    batchRows = try reader.readInt()
    fillsBatches = try reader.readBool()
    let columns = 0..<schema.count
    guard (wanted + predicateColumns + dialect.fixedColumns).allSatisfy(columns.contains), start >= 0, end >= start, batchRows > 0 else {
      throw DecodingFailure("a scan beyond its file or its columns")
    }
  }
}
