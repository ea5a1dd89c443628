// Whole numbers in steps: what `range` gives.

import DshColumns
import DshFormats
import DshPlan

/// So many numbers from a first one on.
public struct NumberRange: SourceSpec {
  public static let name = "range"
  static let columns = Schema([Field("id", .int64)])

  public let start: Int64
  public let step: Int64
  public let count: Int

  public init(start: Int64, step: Int64, count: Int) {
    self.start = start
    self.step = step
    self.count = count
  }

  public var title: String { "range" }
  public var verb: String? { "range" }
  public var schema: Schema { Self.columns }
  public var knownRows: Int? { count }
  public var sizeBytes: Int { count.multipliedReportingOverflow(by: 8).overflow ? .max >> 1 : count * 8 }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) -> any BatchSource {
    NumberSource(start: start, step: step, count: count, batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(start)
    writer.write(step)
    writer.write(count)
  }

  public init(from reader: inout ByteReader) throws {
    (start, step, count) = (try reader.readInt64(), try reader.readInt64(), max(0, try reader.readInt()))
  }
}

/// Whole numbers in steps.
private final class NumberSource: BatchSource {
  let schema = NumberRange.columns
  private var nextValue: Int64
  private let step: Int64
  private var remaining: Int
  private let total: Int
  private let batchRows: Int

  init(start: Int64, step: Int64, count: Int, batchRows: Int) {
    nextValue = start
    self.step = step
    remaining = count
    total = count
    self.batchRows = batchRows
  }

  func next() throws -> Batch? {
    guard remaining > 0 else { return nil }
    let count = min(batchRows, remaining)
    let values = MutableBuffer(capacity: count * 8)
    let output = values.pointer(to: Int64.self)
    for row in 0..<count { output[row] = nextValue &+ Int64(row) &* step }
    values.byteCount = count * 8
    nextValue &+= Int64(count) &* step
    remaining -= count
    return Batch(
      schema: schema, columns: [Column(type: .int64, count: count, validity: nil, storage: .fixed(values.freeze()))], rowCount: count)
  }

  var scanned: ScanProgress { ScanProgress(rows: total - remaining, bytes: 0) }

  func finish(_ report: inout TaskReport) {}
}
