// The rows of a task in partitions by the hash of keys: what a join looks up, what windows look at, and `repartition --by`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Partitions lie behind one another in one block, each in the order of the task.
public struct PartitionRows: SinkSpec {
  public static let name = "partitions"

  /// The columns that decide the partition.
  public let keys: [Int]
  public let partitionCount: Int
  /// Whether rows with a null among the keys are there; they meet nothing where null does not equal null.
  public let keepsNulls: Bool
  /// Whether a last column numbers the rows of all partitions in the order of the task.
  public let numbersRows: Bool

  public init(_ keys: [Int], partitionCount: Int, keepsNulls: Bool = false, numbersRows: Bool = false) {
    self.keys = keys
    self.partitionCount = partitionCount
    self.keepsNulls = keepsNulls
    self.numbersRows = numbersRows
  }

  public var title: String { "hash partitions" }
  public var verb: String? { nil }
  public func schema(over input: Schema) -> Schema { numbersRows ? Schema(input.fields + [RowPositions.field]) : input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    guard !keys.isEmpty || partitionCount == 1, keys.allSatisfy({ input.fields.indices.contains($0) }) else {
      throw Diagnostic(.badPlan, "a key that is no column")
    }
    return PartitionSink(self, over: input, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(keys) { $0.write($1) }
    writer.write(partitionCount)
    writer.write(keepsNulls)
    writer.write(numbersRows)
  }

  public init(from reader: inout ByteReader) throws {
    keys = try reader.readArray { try $0.readInt() }
    partitionCount = try reader.readInt()
    keepsNulls = try reader.readBool()
    numbersRows = try reader.readBool()
    guard 1...Repartition.largestKeyedCount ~= partitionCount else { throw DecodingFailure("\(partitionCount) partitions") }
  }
}

private final class PartitionSink: BatchSink {
  private let spec: PartitionRows
  private let schema: Schema
  private let rows: CollectedRows

  init(_ spec: PartitionRows, over input: Schema, _ environment: any TaskEnvironment) {
    self.spec = spec
    schema = spec.schema(over: input)
    rows = CollectedRows(input, environment)
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    let present = spec.keepsNulls ? nil : Bitmap.present(in: spec.keys.map { batch.columns[$0] }, rowCount: batch.rowCount)
    let kept = present.map { batch.filter($0) } ?? batch
    if kept.rowCount > 0 { try rows.append(kept) }
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    let whole = rows.finish()
    let partitions = KeyHash.partitions(
      of: spec.keys.map { whole.columns[$0] }, rowCount: whole.rowCount, count: spec.partitionCount)
    report.partitionRows = partitions.counts
    // A single partition is in order already.
    let isInOrder = partitions.counts.contains(whole.rowCount)
    let sorted = isInOrder ? whole : whole.gather(partitions.rows)
    guard spec.numbersRows else { return try rows.store(sorted, &report) }
    let places = RowPositions.column(partitions.rows)
    try rows.store(Batch(schema: schema, columns: sorted.columns + [places], rowCount: whole.rowCount), &report)
  }
}

extension Bitmap {
  /// The rows in which none of the columns is null; nil if those are all.
  static func present(in columns: [Column], rowCount: Int) -> Bitmap? {
    if columns.contains(where: { $0.type == .null }) { return .repeating(false, count: rowCount) }
    let validities = columns.compactMap { $0.nullCount > 0 ? $0.validity : nil }
    guard let first = validities.first else { return nil }
    if validities.count == 1 { return first }
    return .make(count: rowCount) { word in validities.dropFirst().reduce(first.word(word)) { $0 & $1.word(word) } }
  }
}
