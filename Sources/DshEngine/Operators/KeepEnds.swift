// The first and the last rows of what a task makes, as one block: what `show` stores.

import DshColumns
import DshDiagnostics
import DshPlan

/// All rows if there are no more than asked for at both ends; else the first ones and the last ones behind one another.
public struct KeepEnds: SinkSpec {
  public static let name = "ends"

  public let first: Int
  public let last: Int

  public init(first: Int, last: Int) {
    self.first = first
    self.last = last
  }

  public var title: String { "first and last rows" }
  public var verb: String? { "show" }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) -> any BatchSink {
    EndsSink(input, first: first, last: last, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(first)
    writer.write(last)
  }

  public init(from reader: inout ByteReader) throws { (first, last) = (max(0, try reader.readInt()), max(0, try reader.readInt())) }
}

private final class EndsSink: BatchSink {
  private let first: Int
  private let last: Int
  private let rows: CollectedRows
  /// What came behind the first rows; the last rows are among it.
  private var latest: [Batch] = []
  private var latestRows = 0

  init(_ schema: Schema, first: Int, last: Int, _ environment: any TaskEnvironment) {
    self.first = first
    self.last = last
    rows = CollectedRows(schema, environment)
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    let taken = min(batch.rowCount, first - rows.count)
    if taken > 0 { try rows.append(batch.slice(from: 0, count: taken)) }
    guard taken < batch.rowCount, last > 0 else { return .more }
    latest.append(batch.slice(from: taken, count: batch.rowCount - taken))
    latestRows += batch.rowCount - taken
    while let oldest = latest.first, latestRows - oldest.rowCount >= last {
      latest.removeFirst()
      latestRows -= oldest.rowCount
    }
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    var surplus = max(0, latestRows - last)
    for batch in latest {
      let skipped = min(surplus, batch.rowCount)
      surplus -= skipped
      try rows.append(batch.slice(from: skipped, count: batch.rowCount - skipped))
    }
    try rows.store(&report)
  }
}
