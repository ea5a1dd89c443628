// Partial groups in partitions by the hash of their keys: the first part of `agg`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Partitions lie behind one another in one block.
public struct PartialAggregate: SinkSpec {
  public static let name = "partial"

  public let aggregation: Aggregation
  public let partitionCount: Int

  public init(_ aggregation: Aggregation, partitionCount: Int) {
    self.aggregation = aggregation
    self.partitionCount = partitionCount
  }

  public var title: String { "partial groups" }
  public var verb: String? { "agg" }
  public var expressions: [Expression] { aggregation.expressions }
  public func schema(over input: Schema) -> Schema { aggregation.stateSchema }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    try PartialGroups(self, over: input, step: step, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(aggregation)
    writer.write(partitionCount)
  }

  public init(from reader: inout ByteReader) throws {
    aggregation = try reader.readAggregation(AggregateRegistry())
    partitionCount = try reader.readInt()
    guard 1...Self.largestPartitionCount ~= partitionCount else { throw DecodingFailure("\(partitionCount) partitions") }
  }

  /// More partitions cost every task more than they save.
  public static let largestPartitionCount = 1024
}

private final class PartialGroups: BatchSink {
  private let spec: PartialAggregate
  private let groups: GroupedAggregator
  private let step: Int
  private let environment: any TaskEnvironment
  private let reservation: any MemoryReservation
  private var rows = 0

  init(_ spec: PartialAggregate, over schema: Schema, step: Int, _ environment: any TaskEnvironment) throws {
    self.spec = spec
    self.step = step
    self.environment = environment
    groups = try GroupedAggregator(spec.aggregation, inputs: schema.types)
    reservation = environment.makeReservation()
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    let rowsBefore = rows
    rows += batch.rowCount
    do {
      try groups.update(batch.columns, rowCount: batch.rowCount)
    } catch {
      throw StepError(error, step: step, rowsBefore: rowsBefore)
    }
    try reservation.resize(to: groups.sizeBytes)
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    let partitions = groups.partials(spec.partitionCount)
    report.partitionRows = partitions.map(\.rowCount)
    let rows = CollectedRows(spec.aggregation.stateSchema, environment)
    for partition in partitions { try rows.append(partition) }
    try reservation.resize(to: 0)
    try rows.store(&report)
  }
}
