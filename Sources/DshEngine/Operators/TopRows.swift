// The first rows in an order: what a task needs to keep where a sort is cut by a limit.

import DshColumns
import DshDiagnostics
import DshPlan

/// The first `count` rows by the keys, sorted; of equal rows those that come first.
public struct TopRows: SinkSpec {
  public static let name = "top"

  public let keys: [SortColumn]
  public let count: Int

  public init(_ keys: [SortColumn], count: Int) {
    self.keys = keys
    self.count = count
  }

  public var title: String { "top rows" }
  public var verb: String? { "sort" }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    guard !keys.isEmpty, keys.allSatisfy({ input.fields.indices.contains($0.index) }) else {
      throw Diagnostic(.badPlan, "a sort key that is no column")
    }
    return TopSink(input, keys: keys, count: count, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(keys)
    writer.write(count)
  }

  public init(from reader: inout ByteReader) throws {
    keys = try reader.readSortColumns()
    count = max(0, try reader.readInt())
  }
}

private final class TopSink: BatchSink {
  private let keys: [SortColumn]
  private let wanted: Int
  private let environment: any TaskEnvironment
  /// The best rows so far in order, at most `wanted` once they were cut.
  private var best: Batch
  /// Candidates that came since, not yet in order.
  private var candidates: [Batch] = []
  private var candidateRows = 0

  /// Rows are put in order once so many wait for it: sorting a few at a time would cost more than it drops.
  private static let waitingRows = 4096

  init(_ schema: Schema, keys: [SortColumn], count: Int, _ environment: any TaskEnvironment) {
    self.keys = keys
    wanted = count
    self.environment = environment
    best = .empty(schema)
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    if wanted == 0 { return .enough }
    let chosen = best.rowCount < wanted ? first(of: batch) : batch.filter(RowThreshold(best, keys: keys).rowsBefore(in: batch))
    guard chosen.rowCount > 0 else { return .more }
    candidates.append(chosen)
    candidateRows += chosen.rowCount
    if candidateRows >= (best.rowCount < wanted ? wanted : max(wanted, Self.waitingRows)) { try cut() }
    return .more
  }

  /// The first rows of a batch; of a large one few columns but the keys are looked at.
  private func first(of batch: Batch) -> Batch {
    batch.rowCount <= wanted
      ? batch : batch.gather(sortIndexes(batch.columns, keys: keys, rowCount: batch.rowCount).prefix(wanted))
  }

  /// Puts what waits among the best rows and drops what is beyond the wanted ones.
  private func cut() throws {
    guard !candidates.isEmpty else { return }
    try TextLimit.check([best] + candidates)
    let all = Batch.concatenate([best] + candidates, schema: best.schema)
    let order = sortIndexes(all.columns, keys: keys, rowCount: all.rowCount)
    best = all.gather(order.prefix(wanted))
    candidates = []
    candidateRows = 0
  }

  func finish(_ report: inout TaskReport) throws {
    try cut()
    report.rows = best.rowCount
    try environment.store(BlockFormat.encode(best))
  }
}
