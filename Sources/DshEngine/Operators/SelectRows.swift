// Some rows in the middle of what a task makes, as one block: what `limit --offset` stores.

import DshColumns
import DshDiagnostics
import DshPlan

/// The rows with the numbers of a range, counted from the first that comes.
public struct SelectRows: SinkSpec {
  public static let name = "rows"

  public let wanted: Range<Int>

  public init(_ wanted: Range<Int>) { self.wanted = wanted }

  public var title: String { "some rows" }
  public var verb: String? { "limit" }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) -> any BatchSink {
    SelectedRows(input, wanted, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(wanted.lowerBound)
    writer.write(wanted.upperBound)
  }

  public init(from reader: inout ByteReader) throws {
    let (first, end) = (try reader.readInt(), try reader.readInt())
    guard 0 <= first, first <= end else { throw DecodingFailure("rows that end before they start") }
    wanted = first..<end
  }
}

private final class SelectedRows: BatchSink {
  private let wanted: Range<Int>
  private let selected: CollectedRows
  private var rows = 0

  init(_ schema: Schema, _ wanted: Range<Int>, _ environment: any TaskEnvironment) {
    self.wanted = wanted
    selected = CollectedRows(schema, environment)
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    let part = wanted.clamped(to: rows..<rows + batch.rowCount)
    if !part.isEmpty { try selected.append(batch.slice(from: part.lowerBound - rows, count: part.count)) }
    rows += batch.rowCount
    return rows >= wanted.upperBound ? .enough : .more
  }

  func finish(_ report: inout TaskReport) throws { try selected.store(&report) }
}
