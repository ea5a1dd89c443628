// Rows that were typed: what `rows` gives.

import DshColumns
import DshPlan

/// Rows that stand in the plan itself.
public struct LiteralRows: SourceSpec {
  public static let name = "rows"

  public let schema: Schema
  public let rows: [[Value]]

  public init(_ schema: Schema, _ rows: [[Value]]) {
    self.schema = schema
    self.rows = rows
  }

  public var title: String { "rows" }
  public var verb: String? { "rows" }
  public var knownRows: Int? { rows.count }
  public var sizeBytes: Int { 0 }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) -> any BatchSource {
    let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
    for row in rows { for (builder, value) in zip(builders, row) { builder.append(value) } }
    return WholeSource(Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: rows.count), batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(schema)
    writer.write(rows) { writer, row in writer.write(row) { $0.write($1) } }
  }

  public init(from reader: inout ByteReader) throws {
    let schema = try reader.readSchema()
    rows = try reader.readArray { try $0.readArray { try $0.readValue() } }
    guard rows.allSatisfy({ $0.count == schema.count }) else { throw DecodingFailure("a row of another length") }
    self.schema = schema
  }
}
