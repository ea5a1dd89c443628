// Rows of several sorted runs in one order: the final part of `sort`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Merges sorted runs; equal rows keep the order of the runs.
public struct MergeRuns: SourceSpec {
  public static let name = "merge"

  public let schema: Schema
  public let keys: [SortColumn]
  /// The most rows that are wanted of the result.
  public let limit: Int?
  public let inputs: [BlockSlice]

  public init(_ schema: Schema, keys: [SortColumn], limit: Int? = nil, _ inputs: [BlockSlice] = []) {
    self.schema = schema
    self.keys = keys
    self.limit = limit
    self.inputs = inputs
  }

  public var title: String { limit == nil ? "merge runs" : "merge first rows" }
  public var verb: String? { "sort" }
  public func reading(_ inputs: [BlockSlice]) -> MergeRuns { MergeRuns(schema, keys: keys, limit: limit, inputs) }
  public var sizeBytes: Int { inputs.reduce(0) { $0 + $1.estimatedBytes } }

  public var knownRows: Int? {
    let rows = inputs.reduce(0) { $0 + $1.rows.count }
    return limit.map { min($0, rows) } ?? rows
  }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    let reservation = environment.makeReservation()
    try reservation.resize(to: sizeBytes)
    let runs = try inputs.map { slice in
      try environment.checkCancelled()
      return try environment.rows(of: slice)
    }
    try TextLimit.check(runs)
    let merged = runs.isEmpty ? Batch.empty(schema) : RangePartitioning.mergeRuns(runs, schema: schema, keys: keys)
    return WholeSource(limit.map { merged.slice(from: 0, count: min($0, merged.rowCount)) } ?? merged, batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(schema)
    writer.write(keys)
    writer.write(limit) { $0.write($1) }
    writer.write(inputs) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    schema = try reader.readSchema()
    keys = try reader.readSortColumns(of: schema)
    limit = try reader.readOptional { max(0, try $0.readInt()) }
    inputs = try reader.readArray { try $0.readBlockSlice() }
  }
}

extension ByteReader {
  /// Reads sort keys that are columns of a schema.
  mutating func readSortColumns(of schema: Schema) throws -> [SortColumn] {
    let keys = try readSortColumns()
    guard keys.allSatisfy({ schema.fields.indices.contains($0.index) }) else { throw DecodingFailure("a sort key that is no column") }
    return keys
  }
}
