// The first row of each kind among the first rows of several tasks: the final part of `distinct`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Rows in the order of the dataset; a last column holds their places in it, which are comparable between all consumers of an exchange.
public struct FinalDistinct: SourceSpec {
  public static let name = "distinct"

  /// The columns of the rows, without that of their places.
  public let rowSchema: Schema
  public let keys: [Int]
  public let inputs: [BlockSlice]
  /// The number of the task that made each input.
  private let producers: [Int]

  public init(_ rowSchema: Schema, keys: [Int]) { self.init(rowSchema, keys: keys, [], of: []) }

  private init(_ rowSchema: Schema, keys: [Int], _ inputs: [BlockSlice], of producers: [Int]) {
    self.rowSchema = rowSchema
    self.keys = keys
    self.inputs = inputs
    self.producers = producers
  }

  public var title: String { "distinct" }
  public var verb: String? { "distinct" }
  public var schema: Schema { Schema(rowSchema.fields + [RowPositions.field]) }
  public var sizeBytes: Int { inputs.reduce(0) { $0 + $1.estimatedBytes } }
  /// A table of keys takes some times what they do as columns.
  public var workingShares: Int { 8 }
  public func reading(_ inputs: [BlockSlice]) -> FinalDistinct { reading(inputs, of: Array(inputs.indices)) }

  public func reading(_ inputs: [BlockSlice], of producers: [Int]) -> FinalDistinct {
    FinalDistinct(rowSchema, keys: keys, inputs, of: producers)
  }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    try TextLimit.check(sizeBytes)
    let table = GroupTable(types: keys.map { rowSchema[$0].type })
    let reservation = environment.makeReservation()
    var kept: [Batch] = []
    var keptBytes = 0
    for (slice, producer) in zip(inputs, producers) {
      try environment.checkCancelled()
      let rows = try environment.rows(of: slice)
      guard rows.columns.map(\.type) == schema.types else { throw Diagnostic(.badPlan, "first rows that have other columns") }
      let firsts = table.firstRows(of: keys.map { rows.columns[$0] }, rowCount: rows.rowCount)
      let batch = firsts.count == rows.rowCount ? rows : rows.gather(firsts)
      kept.append(RowPositions.placed(batch, producer: producer))
      keptBytes += rows.rowCount == 0 ? 0 : slice.estimatedBytes * batch.rowCount / rows.rowCount
      try reservation.resize(to: table.sizeBytes + keptBytes)
    }
    // A slice holds several partitions, each in order.
    let all = kept.isEmpty ? .empty(schema) : Batch.concatenate(kept, schema: schema)
    let order = sortIndexes(all.columns, keys: [SortColumn(rowSchema.count, descending: false)], rowCount: all.rowCount)
    return WholeSource(all.gather(order), batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(rowSchema)
    writer.write(keys) { $0.write($1) }
    writer.write(inputs) { $0.write($1) }
    writer.write(producers) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    rowSchema = try reader.readSchema()
    keys = try reader.readArray { try $0.readInt() }
    inputs = try reader.readArray { try $0.readBlockSlice() }
    producers = try reader.readArray { try $0.readInt() }
    guard !keys.isEmpty, keys.allSatisfy(rowSchema.fields.indices.contains) else { throw DecodingFailure("a key that is no column") }
    guard producers.count == inputs.count else { throw DecodingFailure("\(producers.count) producers of \(inputs.count) inputs") }
  }
}
