// Two datasets side by side.

import DshColumns

/// The columns of two inputs with as many rows, row by row.
public struct Zip: LogicalOperation {
  public static let name = "zip"
  public static let inputCount = 2

  /// Where it was written, to be told if the inputs have different numbers of rows.
  public let origin: ExpressionOrigin

  public init(_ origin: ExpressionOrigin) { self.origin = origin }

  public func schema(over inputs: [Schema]) -> Schema { Schema(inputs[0].fields + inputs[1].fields) }
  public func text(over inputs: [Schema]) -> String { "zip" }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? {
    column < inputs[0].count ? (0, column) : (1, column - inputs[0].count)
  }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let left = wanted.filter { $0 < inputs[0].count }
    let right = wanted.dropFirst(left.count).map { $0 - inputs[0].count }
    return PrunedOperation(operation: self, needed: [left, right], available: wanted)
  }

  public func encode(to writer: inout ByteWriter) {}
  public init(from reader: inout ByteReader, over inputs: [Schema]) { origin = ExpressionOrigin() }
}
