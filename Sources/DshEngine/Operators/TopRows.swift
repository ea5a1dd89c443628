// The first rows in an order: what a task needs to keep where a sort is cut by a limit.

import DshColumns
import DshDiagnostics
import DshPlan

/// The first `count` rows by the keys, sorted; of equal rows those that come first.
public struct TopRows: SinkSpec {
  public static let name = "top"

  public let keys: [SortColumn]
  public let count: Int
  /// A value of the first key behind which no row is wanted, as others come before it; nil if none is known.
  public let bound: Value?

  public init(_ keys: [SortColumn], count: Int, bound: Value? = nil) {
    self.keys = keys
    self.count = count
    self.bound = bound
  }

  public var title: String { "top rows" }
  public var verb: String? { "sort" }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    guard !keys.isEmpty, keys.allSatisfy({ input.fields.indices.contains($0.index) }) else {
      throw Diagnostic(.badPlan, "a sort key that is no column")
    }
    return TopSink(self, input, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(keys)
    writer.write(count)
    writer.write(bound) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    keys = try reader.readSortColumns()
    count = max(0, try reader.readInt())
    bound = try reader.readOptional { try $0.readValue() }
  }
}

private final class TopSink: BatchSink {
  /// A row of a batch that is kept; rows are copied at the end only, when it is known which are wanted.
  private struct Place {
    var batch: Int
    var row: Int32
  }

  /// Rows by their keys alone.
  private struct Rows {
    var keys: Batch
    var places: [Place]
  }

  private let schema: Schema
  private let columns: [Int]
  /// The keys as columns of batches that hold nothing else.
  private let keys: [SortColumn]
  private let wanted: Int
  private let bound: RowThreshold?
  private let environment: any TaskEnvironment
  /// The batches that rows may come from, those of no row left out.
  private var batches: [Int: Batch] = [:]
  private var batchCount = 0
  /// The best rows so far in order, at most `wanted` once they were cut.
  private var best: Rows
  /// Candidates that came since, not yet in order.
  private var candidates: [Rows] = []
  private var candidateRows = 0

  /// Rows are put in order once so many wait for it: that costs about as much as one batch, and fewer rows of the next ones pass.
  private static let waitingRows = 128
  /// So many rows at first give a threshold that spares the sorting of most of the others.
  private static let firstRows = 1024

  init(_ spec: TopRows, _ schema: Schema, _ environment: any TaskEnvironment) {
    self.schema = schema
    columns = spec.keys.map(\.index)
    keys = spec.keys.indices.map { SortColumn($0, descending: spec.keys[$0].descending) }
    wanted = spec.count
    bound = spec.bound.map { RowThreshold(bound: $0, of: schema[spec.keys[0].index], descending: spec.keys[0].descending) }
    self.environment = environment
    best = Rows(keys: .empty(Schema(columns.map { schema[$0] })), places: [])
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    if wanted == 0 { return .enough }
    batches[batchCount] = batch
    batchCount += 1
    let keyRows = Batch(schema: best.keys.schema, columns: columns.map { batch.columns[$0] }, rowCount: batch.rowCount)
    var start = 0
    while start < batch.rowCount {
      // Until there is a threshold, a few rows at a time.
      let remaining = batch.rowCount - start
      let count = best.places.count < wanted && bound == nil ? min(remaining, max(wanted, Self.firstRows)) : remaining
      try add(start == 0 && count == batch.rowCount ? keyRows : keyRows.slice(from: start, count: count), firstRow: start)
      start += count
    }
    return .more
  }

  /// Adds those rows of the last batch that may be among the first.
  private func add(_ rows: Batch, firstRow: Int) throws {
    let threshold = best.places.count < wanted ? bound : RowThreshold(best.keys, keys: keys)
    let chosen =
      threshold.map { $0.rowsBefore(in: rows).setIndexes() }
      ?? sortIndexes(rows.columns, keys: keys, rowCount: rows.rowCount).prefix(wanted)
    guard chosen.count > 0 else { return }
    let places = (0..<chosen.count).map { Place(batch: batchCount - 1, row: Int32(truncatingIfNeeded: firstRow) + chosen.pointer[$0]) }
    candidates.append(Rows(keys: rows.gather(chosen), places: places))
    candidateRows += chosen.count
    if candidateRows >= (best.places.count < wanted ? wanted : max(wanted, Self.waitingRows)) { try cut() }
  }

  /// Puts what waits among the best rows and drops what is beyond the wanted ones.
  private func cut() throws {
    guard !candidates.isEmpty else { return }
    let all = [best] + candidates
    try TextLimit.check(all.map(\.keys))
    let keyRows = Batch.concatenate(all.map(\.keys), schema: best.keys.schema)
    let places = all.flatMap(\.places)
    let order = sortIndexes(keyRows.columns, keys: keys, rowCount: keyRows.rowCount).prefix(wanted)
    best = Rows(keys: keyRows.gather(order), places: (0..<order.count).map { places[Int(order.pointer[$0])] })
    candidates = []
    candidateRows = 0
    let used = Set(best.places.map(\.batch))
    batches = batches.filter { used.contains($0.key) }
  }

  func finish(_ report: inout TaskReport) throws {
    try cut()
    let rows = try gathered()
    report.rows = rows.rowCount
    try environment.store(BlockFormat.encode(rows))
  }

  /// The best rows with all columns, in order.
  private func gathered() throws -> Batch {
    let places = best.places.enumerated().sorted { ($0.element.batch, $0.offset) < ($1.element.batch, $1.offset) }
    var parts: [Batch] = []
    var start = 0
    while start < places.count {
      let end = places[start...].firstIndex { $0.element.batch != places[start].element.batch } ?? places.count
      guard let batch = batches[places[start].element.batch] else { preconditionFailure("the batch of a row is kept") }
      parts.append(batch.gather(RowIndexes(places[start..<end].map(\.element.row))))
      start = end
    }
    guard !parts.isEmpty else { return .empty(schema) }
    try TextLimit.check(parts)
    var order = [Int32](repeating: 0, count: places.count)
    for (position, place) in places.enumerated() { order[place.offset] = Int32(truncatingIfNeeded: position) }
    return Batch.concatenate(parts, schema: schema).gather(RowIndexes(order))
  }
}
