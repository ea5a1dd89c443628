// A block copied byte for byte into another store, when its node is drained.

import DshColumns
import DshPlan

/// The copy of a block. It is made as a whole: no row comes out, so its sink is one that makes nothing of none, `CountRows`.
public struct CopyBlock: SourceSpec {
  public static let name = "copy"

  public let block: BlockRef

  public init(_ block: BlockRef) { self.block = block }

  public var title: String { "copy" }
  public var verb: String? { "copy" }
  public var schema: Schema { Schema([]) }
  public var inputs: [BlockSlice] { [BlockSlice(block)] }
  public var sizeBytes: Int { block.byteCount }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    try environment.copy(block)
    return WholeSource(.empty(schema), batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(block) }

  public init(from reader: inout ByteReader) throws { block = try reader.readBlockRef() }
}
