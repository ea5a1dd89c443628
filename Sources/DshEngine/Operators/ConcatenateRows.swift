// Rows of several blocks, one after another: what `repartition` puts together.

import DshColumns
import DshPlan

/// The rows of its inputs in their order.
public struct ConcatenateRows: SourceSpec {
  public static let name = "concatenate"

  public let schema: Schema
  public let inputs: [BlockSlice]

  public init(_ schema: Schema, _ inputs: [BlockSlice] = []) {
    self.schema = schema
    self.inputs = inputs
  }

  public var title: String { "repartition" }
  public var verb: String? { "repartition" }
  public func reading(_ inputs: [BlockSlice]) -> ConcatenateRows { ConcatenateRows(schema, inputs) }
  public var sizeBytes: Int { inputs.reduce(0) { $0 + $1.estimatedBytes } }
  public var knownRows: Int? { inputs.reduce(0) { $0 + $1.rows.count } }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    SliceSource(inputs, schema, batchRows: batchRows, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(schema)
    writer.write(inputs) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    schema = try reader.readSchema()
    inputs = try reader.readArray { try $0.readBlockSlice() }
  }
}
