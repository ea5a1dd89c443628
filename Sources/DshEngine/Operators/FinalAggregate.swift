// Groups made of the partial groups of several tasks: the final part of `agg`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Merges partial states into results; a row for each group.
public struct FinalAggregate: SourceSpec {
  public static let name = "groups"

  public let aggregation: Aggregation
  /// Whether the groups are wanted in order of the keys; otherwise in that in which they come.
  public let inOrder: Bool
  public let inputs: [BlockSlice]

  public init(_ aggregation: Aggregation, inOrder: Bool, _ inputs: [BlockSlice] = []) {
    self.aggregation = aggregation
    self.inOrder = inOrder
    self.inputs = inputs
  }

  public var title: String { "merge groups" }
  public var verb: String? { "agg" }
  public var schema: Schema { aggregation.schema }
  /// Tables of groups take some times what their keys do as columns, and grow to twice as much at once.
  public static let workingShares = 10
  public var workingShares: Int { Self.workingShares }
  public func reading(_ inputs: [BlockSlice]) -> FinalAggregate { FinalAggregate(aggregation, inOrder: inOrder, inputs) }
  public var sizeBytes: Int { inputs.reduce(0) { $0 + $1.estimatedBytes } }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    let groups = try GroupedAggregator(aggregation)
    let reservation = environment.makeReservation()
    try TextLimit.check(sizeBytes)
    for slice in inputs {
      try environment.checkCancelled()
      groups.merge(try environment.rows(of: slice))
      try groups.checkExtent()
      try reservation.resize(to: groups.sizeBytes)
    }
    return WholeSource(try groups.finish(inOrder: inOrder), batchRows: batchRows)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(aggregation)
    writer.write(inOrder)
    writer.write(inputs) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    aggregation = try reader.readAggregation(AggregateRegistry())
    inOrder = try reader.readBool()
    inputs = try reader.readArray { try $0.readBlockSlice() }
  }
}
