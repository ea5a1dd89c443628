// Rows of blocks, read where they lie.

import DshColumns
import DshFormats
import DshPlan

/// Some rows of one block, or of several one after another.
public struct BlockRows: SourceSpec {
  public static let name = "blocks"

  public let schema: Schema
  public let slices: [BlockSlice]

  public init(_ schema: Schema, _ slices: [BlockSlice]) {
    self.schema = schema
    self.slices = slices
  }

  public init(_ schema: Schema, _ slice: BlockSlice) { self.init(schema, [slice]) }

  public var title: String { "stored blocks" }
  public var verb: String? { "blocks" }
  public var inputs: [BlockSlice] { slices }
  public func reading(_ inputs: [BlockSlice]) -> BlockRows { inputs.isEmpty ? self : BlockRows(schema, inputs) }
  public var knownRows: Int? { slices.reduce(0) { $0 + $1.rows.count } }
  public var sizeBytes: Int { slices.reduce(0) { $0 + $1.estimatedBytes } }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    if slices.count == 1 { return WholeSource(try environment.rowsInPlace(of: slices[0]), batchRows: batchRows) }
    return SuccessiveBlocks(self, batchRows: batchRows, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(schema)
    writer.write(slices) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    schema = try reader.readSchema()
    slices = try reader.readArray { try $0.readBlockSlice() }
  }
}

/// Blocks one after another, each looked at when the one before it is done.
private final class SuccessiveBlocks: BatchSource {
  let schema: Schema
  private let batchRows: Int
  private let environment: any TaskEnvironment
  private var remaining: ArraySlice<BlockSlice>
  private var current: WholeSource?
  private var rowsBefore = 0

  init(_ spec: BlockRows, batchRows: Int, _ environment: any TaskEnvironment) {
    schema = spec.schema
    self.batchRows = batchRows
    self.environment = environment
    remaining = spec.slices[...]
  }

  func next() throws -> Batch? {
    while true {
      if let batch = try current?.next() { return batch }
      guard let slice = remaining.popFirst() else { return nil }
      rowsBefore = scanned.rows
      current = WholeSource(try environment.rowsInPlace(of: slice), batchRows: batchRows)
    }
  }

  var scanned: ScanProgress { ScanProgress(rows: rowsBefore + (current?.scanned.rows ?? 0), bytes: 0) }

  func finish(_ report: inout TaskReport) { report.rowsScanned += scanned.rows }
}
