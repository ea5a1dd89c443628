// Rows that pass through an external program.

import DshColumns

/// What a program makes of the rows of each task. It is not known to give the same rows twice, nor to make its first rows of the first it gets.
public struct MapBatches: LogicalOperation {
  public static let name = "map_batches"
  public static let inputCount = 1

  public let call: ProgramCall

  public init(_ call: ProgramCall) { self.call = call }

  public func schema(over inputs: [Schema]) -> Schema { call.schema }

  public func text(over inputs: [Schema]) -> String { "map_batches \(call.command) as \(call.python?.frames.rawValue ?? call.format)" }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? { nil }

  /// Nobody knows which columns the program looks at.
  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    PrunedOperation(operation: self, needed: [Array(inputs[0].fields.indices)], available: Array(call.schema.fields.indices))
  }

  public func encode(to writer: inout ByteWriter) { call.encode(to: &writer) }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws { call = try ProgramCall(from: &reader) }
}
