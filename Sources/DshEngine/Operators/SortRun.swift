// All rows of a task in order: the first part of `sort`.

import DshColumns
import DshDiagnostics
import DshPlan

/// A sorted run, as one block.
public struct SortRun: SinkSpec {
  public static let name = "run"

  public let keys: [SortColumn]

  public init(_ keys: [SortColumn]) { self.keys = keys }

  public var title: String { "sorted runs" }
  public var verb: String? { "sort" }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    guard keys.allSatisfy({ input.fields.indices.contains($0.index) }) else {
      throw Diagnostic(.badPlan, "a sort key that is no column")
    }
    return RunSink(input, keys: keys, environment)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(keys) }

  public init(from reader: inout ByteReader) throws { keys = try reader.readSortColumns() }
}

private final class RunSink: BatchSink {
  private let rows: CollectedRows
  private let keys: [SortColumn]

  init(_ schema: Schema, keys: [SortColumn], _ environment: any TaskEnvironment) {
    rows = CollectedRows(schema, environment)
    self.keys = keys
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    try rows.append(batch)
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    let whole = rows.finish()
    try rows.store(whole.gather(sortIndexes(whole.columns, keys: keys, rowCount: whole.rowCount)), &report)
  }
}
