// Rows that are only counted; no block is made.

import DshColumns
import DshDiagnostics
import DshPlan

/// Counts rows until there are enough; the count is in the report as rows that came out.
public struct CountRows: SinkSpec {
  public static let name = "count"

  public let limit: Int

  public init(limit: Int) { self.limit = limit }

  public var title: String { "row counts" }
  public var verb: String? { "count" }
  public func schema(over input: Schema) -> Schema { Schema([]) }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) -> any BatchSink { CountSink(limit: limit) }

  public func encode(to writer: inout ByteWriter) { writer.write(limit) }

  public init(from reader: inout ByteReader) throws { limit = try reader.readInt() }
}

private final class CountSink: BatchSink {
  private let limit: Int
  private var rows = 0

  init(limit: Int) { self.limit = limit }

  func append(_ batch: Batch) throws -> SinkAnswer {
    rows += batch.rowCount
    return rows >= limit ? .enough : .more
  }

  func finish(_ report: inout TaskReport) throws {}
}
