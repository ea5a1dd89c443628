// All rows of a task, or the first so many, as one block.

import DshColumns
import DshDiagnostics
import DshPlan

public struct MakeBlock: SinkSpec {
  public static let name = "block"

  /// The task ends as soon as it has so many rows.
  public let limit: Int?

  public init(limit: Int? = nil) { self.limit = limit }

  public var title: String { "blocks" }
  public var verb: String? { nil }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) -> any BatchSink {
    BlockSink(input, limit: limit, environment)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(limit) { $0.write($1) } }

  public init(from reader: inout ByteReader) throws { limit = try reader.readOptional { try $0.readInt() } }
}

private final class BlockSink: BatchSink {
  private let rows: CollectedRows
  private let limit: Int?

  init(_ schema: Schema, limit: Int?, _ environment: any TaskEnvironment) {
    rows = CollectedRows(schema, environment)
    self.limit = limit
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    try rows.append(batch)
    if let limit, rows.count >= limit { return .enough }
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    let batch = rows.finish()
    // First rows are looked at once; a whole block may be asked for again and again.
    if limit == nil { report.statistics = batch.columns.map { ColumnStatistics(of: $0) } }
    try rows.store(batch, &report)
  }
}
