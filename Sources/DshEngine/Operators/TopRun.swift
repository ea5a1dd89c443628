// The first rows of each group of a task in an order: the first part of `top … per`.

import DshColumns
import DshDiagnostics
import DshPlan

/// A run sorted by keys and then by an order, of which the first rows of each group of equal keys stay.
public struct TopRun: SinkSpec {
  public static let name = "top run"

  public let keys: [SortColumn]
  public let order: [SortColumn]
  public let count: Int

  public init(_ keys: [SortColumn], order: [SortColumn], count: Int) {
    self.keys = keys
    self.order = order
    self.count = count
  }

  public var title: String { "top runs" }
  public var verb: String? { "top" }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    guard (keys + order).allSatisfy({ input.fields.indices.contains($0.index) }) else {
      throw Diagnostic(.badPlan, "a sort key that is no column")
    }
    return TopRunSink(self, input, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(keys)
    writer.write(order)
    writer.write(count)
  }

  public init(from reader: inout ByteReader) throws {
    keys = try reader.readSortColumns()
    order = try reader.readSortColumns()
    count = max(0, try reader.readInt())
  }
}

private final class TopRunSink: BatchSink {
  private let spec: TopRun
  private let schema: Schema
  private let rows: CollectedRows

  private let environment: any TaskEnvironment

  init(_ spec: TopRun, _ schema: Schema, _ environment: any TaskEnvironment) {
    self.spec = spec
    self.schema = schema
    self.environment = environment
    rows = CollectedRows(schema, environment)
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    try rows.append(batch)
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    let whole = rows.finish()
    let sorted = whole.gather(sortIndexes(whole.columns, keys: spec.keys + spec.order, rowCount: whole.rowCount))
    let firsts = try FirstOfEach(spec.keys.map(\.index), count: spec.count).open(over: schema, environment)
    try rows.store(try firsts.apply(sorted), &report)
  }
}
