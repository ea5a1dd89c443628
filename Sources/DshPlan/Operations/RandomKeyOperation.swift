// A number for each row that looks like chance; to sort by it is to shuffle.

import DshColumns
import DshDiagnostics

/// Adds a last column with a number that a seed and the row's place in the dataset decide.
public struct RandomKey: AddingOperation {
  public static let name = "random key"

  @ExactText public var column: String
  public let seed: Int64

  public init(_ column: String, seed: Int64) {
    self.column = column
    self.seed = seed
  }

  var added: Field { Field(column, .int64) }

  public func text(over inputs: [Schema]) -> String { "random keys, seed \(seed)" }

  public func encode(to writer: inout ByteWriter) {
    writer.write(column)
    writer.write(seed)
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    column = try reader.readString()
    seed = try reader.readInt64()
  }
}
