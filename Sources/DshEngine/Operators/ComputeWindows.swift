// Functions over windows: whole partitions of several tasks, put in order and computed.

import DshColumns
import DshDiagnostics
import DshPlan

/// Rows with a column for each function; a last column holds their places in the dataset.
public struct ComputeWindows: SourceSpec {
  public static let name = "window"

  /// The columns of the rows, without that of their places.
  public let rowSchema: Schema
  public let window: Window
  /// Whether the rows are wanted in the order of the dataset; otherwise in that in which they come.
  public let inOrder: Bool
  public let inputs: [BlockSlice]
  /// The number of the task that made each input.
  private let producers: [Int]

  public init(_ rowSchema: Schema, _ window: Window, inOrder: Bool) { self.init(rowSchema, window, inOrder: inOrder, [], of: []) }

  private init(_ rowSchema: Schema, _ window: Window, inOrder: Bool, _ inputs: [BlockSlice], of producers: [Int]) {
    self.rowSchema = rowSchema
    self.window = window
    self.inOrder = inOrder
    self.inputs = inputs
    self.producers = producers
  }

  public var title: String { "window" }
  public var verb: String? { "window" }
  public var schema: Schema { Schema(window.schema(over: [rowSchema]).fields + [RowPositions.field]) }
  public var sizeBytes: Int { inputs.reduce(0) { $0 + $1.estimatedBytes } }
  public var knownRows: Int? { inputs.reduce(0) { $0 + $1.rows.count } }
  /// All rows, their order, and the results.
  public var workingShares: Int { 6 }
  public func reading(_ inputs: [BlockSlice]) -> ComputeWindows { reading(inputs, of: Array(inputs.indices)) }

  public func reading(_ inputs: [BlockSlice], of producers: [Int]) -> ComputeWindows {
    ComputeWindows(rowSchema, window, inOrder: inOrder, inputs, of: producers)
  }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    let reservation = environment.makeReservation()
    // The rows, their order, and the rows in order.
    try reservation.resize(to: sizeBytes * 3)
    let expected = rowSchema.types + [RowPositions.field.type]
    let parts = try zip(inputs, producers).map { slice, producer in
      try environment.checkCancelled()
      let rows = try environment.rows(of: slice)
      guard rows.columns.map(\.type) == expected else { throw Diagnostic(.badPlan, "rows of other columns than the window's") }
      return RowPositions.placed(rows, producer: producer)
    }
    try TextLimit.check(parts)
    let schema = Schema(rowSchema.fields + [RowPositions.field])
    let all = parts.isEmpty ? Batch.empty(schema) : Batch.concatenate(parts, schema: schema)
    let rows = try computed(all)
    if !inOrder { return WholeSource(rows, batchRows: batchRows) }
    let places = sortIndexes(
      rows.columns, keys: [SortColumn(rowSchema.count + window.calls.count, descending: false)], rowCount: rows.rowCount)
    return WholeSource(rows.gather(places), batchRows: batchRows)
  }

  /// The rows with their results.
  private func computed(_ rows: Batch) throws -> Batch {
    let keys = window.keys.map { rows.columns[$0] }
    let groups = GroupTable(types: keys.map(\.type)).groups(of: keys, rowCount: rows.rowCount)
    let order = self.order(rows, groups)
    let partitions = WindowPartitions(
      groups: groups.map { groups in
        let order = order.pointer
        return (0..<rows.rowCount).map { groups[Int(order[$0])] }
      },
      order: window.order.map { rows.columns[$0.index].gather(order) }, rowCount: rows.rowCount)
    // Where in the order each row is.
    let back = order.inverted
    let results = try window.calls.enumerated().map { index, call in
      let given = WindowRows(
        arguments: call.arguments.map { rows.columns[$0].gather(order) }, constants: call.constants, frame: call.frame,
        partitions: partitions)
      do { return try result(of: call, given).gather(back) } catch var diagnostic as Diagnostic {
        diagnostic.row = RowPlace(step: RowPlace.resultStep, row: 0, part: index)
        throw diagnostic
      }
    }
    return Batch(schema: schema, columns: rows.columns.dropLast() + results + [rows.columns[rowSchema.count]], rowCount: rows.rowCount)
  }

  /// The rows partition by partition, each in its order; equal rows in that of the dataset.
  private func order(_ rows: Batch, _ groups: [UInt32]?) -> RowIndexes {
    // A slice holds several partitions, each in the order of the dataset: rows that are equal otherwise go by their places.
    let keys = window.order + [SortColumn(rowSchema.count, descending: false)]
    guard let groups else { return sortIndexes(rows.columns, keys: keys, rowCount: rows.rowCount) }
    let numbers = Column.int64(count: rows.rowCount) { output in for row in 0..<rows.rowCount { output[row] = Int64(groups[row]) } }
    return sortIndexes(
      rows.columns + [numbers], keys: [SortColumn(rows.columns.count, descending: false)] + keys, rowCount: rows.rowCount)
  }

  private func result(of call: WindowCall, _ rows: WindowRows) throws(Diagnostic) -> Column {
    let column: Column
    if let function = WindowRegistry.function(named: call.function) {
      guard function.signature.overloads.resolve(rows.arguments.map(\.type) + call.constants.map(\.type))?.result == call.type else {
        throw Diagnostic(.badPlan, "\(call.function) over other columns than it takes")
      }
      column = function.compute(rows)
    } else {
      let arguments = call.arguments.map { Expression.column($0, rowSchema[$0].type) }
      guard let definition = AggregateRegistry.aggregate(named: call.function),
        let aggregate = definition.signature.call(call.name, arguments, constants: call.constants), aggregate.type == call.type
      else { throw Diagnostic(.badPlan, "no function \(call.function) over these columns") }
      do throws(RowError) { column = try FrameAggregate(definition, aggregate, rows).results(type: call.type) } catch {
        throw error.diagnostic
      }
    }
    guard column.type == call.type else { throw Diagnostic(.badPlan, "\(call.function) gives \(column.type.name)") }
    return column
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(rowSchema)
    window.encode(to: &writer)
    writer.write(inOrder)
    writer.write(inputs) { $0.write($1) }
    writer.write(producers) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    rowSchema = try reader.readSchema()
    window = try Window(from: &reader, over: [rowSchema])
    inOrder = try reader.readBool()
    inputs = try reader.readArray { try $0.readBlockSlice() }
    producers = try reader.readArray { try $0.readInt() }
    guard producers.count == inputs.count else { throw DecodingFailure("\(producers.count) producers of \(inputs.count) inputs") }
  }
}
