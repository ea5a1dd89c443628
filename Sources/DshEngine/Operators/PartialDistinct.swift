// The first row of each kind among the rows of a task, in partitions by the hash of the keys: the first part of `distinct`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Partitions lie behind one another in one block; a last column numbers the rows of all of them in the order of the task.
public struct PartialDistinct: SinkSpec {
  public static let name = "firsts"

  /// The columns that make rows equal.
  public let keys: [Int]
  public let partitionCount: Int

  public init(_ keys: [Int], partitionCount: Int) {
    self.keys = keys
    self.partitionCount = partitionCount
  }

  public var title: String { "first rows" }
  public var verb: String? { "distinct" }
  public func schema(over input: Schema) -> Schema { Schema(input.fields + [RowPositions.field]) }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    guard !keys.isEmpty, keys.allSatisfy({ input.fields.indices.contains($0) }) else {
      throw Diagnostic(.badPlan, "a key that is no column")
    }
    return FirstRows(self, over: input, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(keys) { $0.write($1) }
    writer.write(partitionCount)
  }

  public init(from reader: inout ByteReader) throws {
    keys = try reader.readArray { try $0.readInt() }
    partitionCount = try reader.readInt()
    guard 1...PartialAggregate.largestPartitionCount ~= partitionCount else { throw DecodingFailure("\(partitionCount) partitions") }
  }
}

private final class FirstRows: BatchSink {
  private let spec: PartialDistinct
  private let schema: Schema
  private let table: GroupTable
  private let rows: CollectedRows
  private let reservation: any MemoryReservation

  init(_ spec: PartialDistinct, over input: Schema, _ environment: any TaskEnvironment) {
    self.spec = spec
    schema = spec.schema(over: input)
    table = GroupTable(types: spec.keys.map { input[$0].type })
    rows = CollectedRows(input, environment)
    reservation = environment.makeReservation()
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    let firsts = table.firstRows(of: spec.keys.map { batch.columns[$0] }, rowCount: batch.rowCount)
    if firsts.count > 0 { try rows.append(firsts.count == batch.rowCount ? batch : batch.gather(firsts)) }
    try reservation.resize(to: table.sizeBytes)
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    let whole = rows.finish()
    // Each row began a group, so that it has the number of its group.
    let partitions = table.partitions(spec.partitionCount)
    report.partitionRows = partitions.counts
    let columns = whole.gather(partitions.rows).columns + [RowPositions.column(partitions.rows)]
    try reservation.resize(to: 0)
    try rows.store(Batch(schema: schema, columns: columns, rowCount: whole.rowCount), &report)
  }
}

extension GroupTable {
  /// The rows whose keys no row before them has, in order.
  func firstRows(of keys: [Column], rowCount: Int) -> RowIndexes {
    var known = UInt32(truncatingIfNeeded: groupCount)
    guard rowCount > 0, let groups = groups(of: keys, rowCount: rowCount) else { return RowIndexes([]) }
    let firsts = MutableBuffer(capacity: 256)
    // Groups are numbered in the order in which they come.
    for row in 0..<rowCount where groups[row] == known {
      firsts.append(Int32(truncatingIfNeeded: row))
      known += 1
    }
    return RowIndexes(buffer: firsts.freeze(), count: firsts.byteCount / 4)
  }
}
