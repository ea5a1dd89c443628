// Rows of several tasks in order of keys, in one block: what the tasks of an asof join search in place.

import DshColumns
import DshDiagnostics
import DshPlan

/// Rows in order of their keys; those with equal keys in the order of the dataset, and none with a null among them.
public struct BuildSortedTable: SourceSpec {
  public static let name = "sorted table"

  public let schema: Schema
  public let keys: [Int]
  public let inputs: [BlockSlice]

  public init(_ schema: Schema, keys: [Int], _ inputs: [BlockSlice] = []) {
    self.schema = schema
    self.keys = keys
    self.inputs = inputs
  }

  public var title: String { "sorted table" }
  public var verb: String? { "join" }
  public var needsEvenPartitions: Bool { true }
  public var sizeBytes: Int { inputs.reduce(0) { $0 + $1.estimatedBytes } }
  public func reading(_ inputs: [BlockSlice]) -> BuildSortedTable { BuildSortedTable(schema, keys: keys, inputs) }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    let reservation = environment.makeReservation()
    try reservation.resize(to: sizeBytes * 2)
    let parts = try inputs.map { slice in
      try environment.checkCancelled()
      let rows = try environment.rows(of: slice)
      guard rows.columns.map(\.type) == schema.types else { throw Diagnostic(.badPlan, "rows of other columns than the table's") }
      return rows
    }
    try TextLimit.check(parts)
    let all = parts.isEmpty ? Batch.empty(schema) : Batch.concatenate(parts, schema: schema)
    let rows = Bitmap.present(in: keys.map { all.columns[$0] }, rowCount: all.rowCount).map { all.filter($0) } ?? all
    let order = sortIndexes(rows.columns, keys: keys.map { SortColumn($0, descending: false) }, rowCount: rows.rowCount)
    return WholeSource(rows.gather(order), batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(schema)
    writer.write(keys) { $0.write($1) }
    writer.write(inputs) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    schema = try reader.readSchema()
    keys = try reader.readArray { try $0.readInt() }
    inputs = try reader.readArray { try $0.readBlockSlice() }
    guard !keys.isEmpty, keys.allSatisfy(schema.fields.indices.contains) else { throw DecodingFailure("a key that is no column") }
  }
}
