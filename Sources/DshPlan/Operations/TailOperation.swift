// The last rows.

import DshColumns
import DshDiagnostics

/// The last rows of the dataset, at most so many.
public struct Tail: LogicalOperation {
  public static let name = "tail"
  public static let inputCount = 1

  public let count: Int

  public init(_ count: Int) { self.count = count }

  public func schema(over inputs: [Schema]) -> Schema { inputs[0] }

  public func text(over inputs: [Schema]) -> String { "tail \(groupedText(count))" }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? { (0, column) }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    PrunedOperation(operation: self, needed: [wanted], available: wanted)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(count) }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    count = try reader.readInt()
    guard count >= 0 else { throw DecodingFailure("\(count) last rows") }
  }
}
