// Partial groups, in partitions by the hash of their keys or in order of them: the first part of `agg`.

import DshColumns
import DshDiagnostics
import DshPlan

public struct PartialAggregate: SinkSpec {
  public static let name = "partial"

  /// How the groups of a task lie in its block.
  public enum Layout: Hashable, Sendable {
    /// In so many partitions by the hash of the keys, one behind another.
    case partitions(Int)
    /// In ascending order of the keys, nulls last.
    case sorted
  }

  public let aggregation: Aggregation
  public let layout: Layout

  public init(_ aggregation: Aggregation, _ layout: Layout) {
    self.aggregation = aggregation
    self.layout = layout
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
    switch layout {
    case .partitions(let count): writer.write(count)
    case .sorted: writer.write(0)
    }
  }

  public init(from reader: inout ByteReader) throws {
    aggregation = try reader.readAggregation(AggregateRegistry())
    let partitionCount = try reader.readInt()
    guard 0...Self.largestPartitionCount ~= partitionCount else { throw DecodingFailure("\(partitionCount) partitions") }
    layout = partitionCount == 0 ? .sorted : .partitions(partitionCount)
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
  /// So many rows show whether groups are worth making.
  private static let sampleRows = 1 << 14

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
    if rowsBefore < Self.sampleRows, rows >= Self.sampleRows, spec.layout != .sorted, groups.groupCount * 4 > rows * 3 {
      groups.stopReducing()
    }
    try groups.checkExtent()
    try reservation.resize(to: groups.sizeBytes)
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    let rows = CollectedRows(spec.aggregation.stateSchema, environment)
    switch spec.layout {
    case .partitions(let count):
      let partials = groups.partials(count)
      report.partitionRows = partials.rowCounts
      try rows.append(partials.states)
    case .sorted: try rows.append(groups.sortedPartials())
    }
    try reservation.resize(to: 0)
    try rows.store(&report)
  }
}
