// A share of the rows, each chosen by itself.

import DshColumns

/// The rows whose fraction, which a seed and the row's place in the dataset decide, lies between two bounds.
public struct Sample: LogicalOperation {
  public static let name = "sample"
  public static let inputCount = 1

  /// From the lower bound to below the upper one; fractions are from 0 to below 1.
  public let lowerBound: Double
  public let upperBound: Double
  public let seed: Int64

  public init(from lowerBound: Double, to upperBound: Double, seed: Int64) {
    self.lowerBound = lowerBound
    self.upperBound = upperBound
    self.seed = seed
  }

  public var readsForward: Bool { true }
  public func schema(over inputs: [Schema]) -> Schema { inputs[0] }

  public func text(over inputs: [Schema]) -> String { "sample from \(lowerBound) to \(upperBound), seed \(seed)" }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? { (0, column) }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    PrunedOperation(operation: self, needed: [wanted], available: wanted)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(lowerBound)
    writer.write(upperBound)
    writer.write(seed)
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    lowerBound = try reader.readDouble()
    upperBound = try reader.readDouble()
    seed = try reader.readInt64()
  }
}
