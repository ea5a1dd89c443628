// Rows of a block, read where they lie.

import DshColumns
import DshPlan

/// Some rows of one block.
public struct BlockRows: SourceSpec {
  public static let name = "blocks"

  public let schema: Schema
  public let slice: BlockSlice

  public init(_ schema: Schema, _ slice: BlockSlice) {
    self.schema = schema
    self.slice = slice
  }

  public var title: String { "stored blocks" }
  public var verb: String? { "blocks" }
  public var inputs: [BlockSlice] { [slice] }
  public func reading(_ inputs: [BlockSlice]) -> BlockRows { inputs.first.map { BlockRows(schema, $0) } ?? self }
  public var knownRows: Int? { slice.rows.count }
  public var sizeBytes: Int { slice.estimatedBytes }

  public func open(filter: Expression?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    WholeSource(try environment.rowsInPlace(of: slice), batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(schema)
    writer.write(slice)
  }

  public init(from reader: inout ByteReader) throws {
    schema = try reader.readSchema()
    slice = try reader.readBlockSlice()
  }
}
