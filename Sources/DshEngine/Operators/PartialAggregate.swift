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
  private var groups: GroupedAggregator
  private let types: [DataType]
  private let step: Int
  private let environment: any TaskEnvironment
  private let reservation: any MemoryReservation
  private var rows = 0
  /// The first rows, as long as it is not known whether groups are worth making.
  private var sample: [ArgumentRows]?
  /// All rows instead of groups, which hardly any rows would share.
  private var ungrouped: PartitionedRows?

  init(_ spec: PartialAggregate, over schema: Schema, step: Int, _ environment: any TaskEnvironment) throws {
    self.spec = spec
    self.step = step
    self.environment = environment
    types = schema.types
    groups = try GroupedAggregator(spec.aggregation, inputs: types)
    reservation = environment.makeReservation()
    if spec.layout != .sorted, groups.rowSchema != nil, !spec.aggregation.keys.isEmpty { sample = [] }
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    let rowsBefore = rows
    rows += batch.rowCount
    let arguments: ArgumentRows
    do {
      arguments = try groups.evaluate(batch.columns, rowCount: batch.rowCount)
    } catch {
      throw StepError(error, step: step, rowsBefore: rowsBefore)
    }
    if let ungrouped {
      try ungrouped.append(arguments)
      return .more
    }
    groups.add(arguments)
    sample?.append(arguments)
    try judge(rowsBefore)
    try groups.checkExtent()
    try reservation.resize(to: groups.sizeBytes)
    return .more
  }

  /// Gives up making groups when the first rows show that hardly any share one; whoever merges the groups of all tasks takes in rows then.
  private func judge(_ rowsBefore: Int) throws {
    guard let sample else { return }
    for look in Self.looks where rowsBefore < look.rows && rows >= look.rows {
      if groups.findsGroupsByOrder || Double(groups.groupCount) <= Double(rows) * look.share { continue }
      guard case .partitions(let count) = spec.layout, let schema = groups.rowSchema else { return }
      let ungrouped = PartitionedRows(schema, keyCount: spec.aggregation.keys.count, partitionCount: count, environment)
      for rows in sample { try ungrouped.append(rows) }
      self.ungrouped = ungrouped
      self.sample = nil
      groups = try GroupedAggregator(spec.aggregation, inputs: types)
      return try reservation.resize(to: 0)
    }
    if rows >= Self.looks[Self.looks.count - 1].rows { self.sample = nil }
  }

  /// After so many rows groups are not worth making if more than this share of the rows began one. The first look sees groups by the hundred
  /// thousand; where there are fewer, the rows behind it will share them.
  private static let looks = [(rows: 1 << 14, share: 15.0 / 16), (rows: 1 << 16, share: 3.0 / 4)]

  func finish(_ report: inout TaskReport) throws {
    if let ungrouped { return try ungrouped.store(&report) }
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

/// The rows of a task in partitions by the hash of their keys, taken apart batch by batch while they are in the cache.
private final class PartitionedRows {
  private let schema: Schema
  private let keyCount: Int
  private let partitionCount: Int
  private let environment: any TaskEnvironment
  private let reservation: any MemoryReservation
  private var batches: [(rows: Batch, counts: [Int])] = []
  private var sizeBytes = 0

  init(_ schema: Schema, keyCount: Int, partitionCount: Int, _ environment: any TaskEnvironment) {
    self.schema = schema
    self.keyCount = keyCount
    self.partitionCount = partitionCount
    self.environment = environment
    reservation = environment.makeReservation()
  }

  func append(_ rows: ArgumentRows) throws {
    let partitions = KeyHash.partitions(of: rows.keys, rowCount: rows.rowCount, count: partitionCount)
    let batch = rows.batch(schema).gather(partitions.rows)
    batches.append((batch, partitions.counts))
    sizeBytes += BlockFormat.encode(batch).payloadBytes
    try TextLimit.check(sizeBytes)
    try reservation.resize(to: sizeBytes)
  }

  /// Makes a block of them.
  func store(_ report: inout TaskReport) throws {
    try reservation.resize(to: 0)
    let collected = CollectedRows(schema, environment)
    var starts = [Int](repeating: 0, count: batches.count)
    var counts: [Int] = []
    for partition in 0..<partitionCount {
      for (index, batch) in batches.enumerated() where batch.counts[partition] > 0 {
        try collected.append(batch.rows.slice(from: starts[index], count: batch.counts[partition]))
        starts[index] += batch.counts[partition]
      }
      counts.append(batches.reduce(0) { $0 + $1.counts[partition] })
    }
    report.partitionRows = counts
    try collected.store(&report)
  }
}
