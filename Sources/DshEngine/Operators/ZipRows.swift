// Rows of two datasets side by side: `zip`.

import DshColumns
import DshDiagnostics
import DshPlan

/// The rows of a block, and behind the columns of each those of a row of other blocks.
public struct ZipRows: SourceSpec {
  public static let name = "zip"

  public let leftSchema: Schema
  public let rightSchema: Schema
  public let left: BlockSlice
  /// As many rows as `left` has.
  public let right: [BlockSlice]

  public init(_ leftSchema: Schema, _ rightSchema: Schema, left: BlockSlice, right: [BlockSlice]) {
    self.leftSchema = leftSchema
    self.rightSchema = rightSchema
    self.left = left
    self.right = right
  }

  public var title: String { "zip" }
  public var verb: String? { "zip" }
  public var schema: Schema { Schema(leftSchema.fields + rightSchema.fields) }
  public var inputs: [BlockSlice] { [left] + right }
  public var sizeBytes: Int { inputs.reduce(0) { $0 + $1.estimatedBytes } }
  public var knownRows: Int? { left.rows.count }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    let reservation = environment.makeReservation()
    try reservation.resize(to: right.reduce(0) { $0 + $1.estimatedBytes })
    let leftRows = try environment.rowsInPlace(of: left)
    let parts = try right.map { slice in
      try environment.checkCancelled()
      return try environment.rows(of: slice)
    }
    guard leftRows.columns.map(\.type) == leftSchema.types, parts.allSatisfy({ $0.columns.map(\.type) == rightSchema.types }) else {
      throw Diagnostic(.badPlan, "rows that have other columns")
    }
    try TextLimit.check(parts)
    let rightRows = parts.isEmpty ? Batch.empty(rightSchema) : Batch.concatenate(parts, schema: rightSchema)
    guard rightRows.rowCount == leftRows.rowCount else { throw Diagnostic(.badPlan, "sides of different lengths") }
    return WholeSource(
      Batch(schema: schema, columns: leftRows.columns + rightRows.columns, rowCount: leftRows.rowCount), batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(leftSchema)
    writer.write(rightSchema)
    writer.write(left)
    writer.write(right) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    leftSchema = try reader.readSchema()
    rightSchema = try reader.readSchema()
    left = try reader.readBlockSlice()
    right = try reader.readArray { try $0.readBlockSlice() }
  }
}
