// Rows of some partitions of several tasks: the left side of a join whose tables are too large to be looked up by every task.

import DshColumns
import DshDiagnostics
import DshPlan

/// The rows of its inputs in the order of the dataset, as far as they are here.
public struct PulledPartitions: SourceSpec {
  public static let name = "pulled partitions"

  /// The columns, with that of places if there is one.
  public let schema: Schema
  /// Whether the last column holds the place of each row among those of the task that made it; their places in the dataset come out.
  public let placesRows: Bool
  public let inputs: [BlockSlice]
  /// The number of the task that made each input.
  private let producers: [Int]

  /// - Parameter rowSchema: the columns without that of places.
  public init(_ rowSchema: Schema, placesRows: Bool) {
    self.init(placesRows ? Schema(rowSchema.fields + [RowPositions.field]) : rowSchema, placesRows, [], of: [])
  }

  private init(_ schema: Schema, _ placesRows: Bool, _ inputs: [BlockSlice], of producers: [Int]) {
    self.schema = schema
    self.placesRows = placesRows
    self.inputs = inputs
    self.producers = producers
  }

  public var title: String { "rows" }
  public var verb: String? { nil }
  public var sizeBytes: Int { inputs.reduce(0) { $0 + $1.estimatedBytes } }
  public var knownRows: Int? { inputs.reduce(0) { $0 + $1.rows.count } }
  public func reading(_ inputs: [BlockSlice]) -> PulledPartitions { reading(inputs, of: Array(inputs.indices)) }

  public func reading(_ inputs: [BlockSlice], of producers: [Int]) -> PulledPartitions {
    PulledPartitions(schema, placesRows, inputs, of: producers)
  }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    guard placesRows else { return SliceSource(inputs, schema, batchRows: batchRows, environment) }
    let producers = producers
    return SliceSource(inputs, schema, batchRows: batchRows, environment) { RowPositions.placed($0, producer: producers[$1]) }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(schema)
    writer.write(placesRows)
    writer.write(inputs) { $0.write($1) }
    writer.write(producers) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    schema = try reader.readSchema()
    placesRows = try reader.readBool()
    inputs = try reader.readArray { try $0.readBlockSlice() }
    producers = try reader.readArray { try $0.readInt() }
    guard producers.count == inputs.count else { throw DecodingFailure("\(producers.count) producers of \(inputs.count) slices") }
  }
}
