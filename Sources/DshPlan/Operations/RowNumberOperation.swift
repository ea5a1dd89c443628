// The number of each row, in the order of the dataset.

import DshColumns
import DshDiagnostics

/// Adds a last column that counts the rows.
public struct RowNumber: AddingOperation {
  public static let name = "row number"

  @ExactText public var column: String
  /// The number of the first row.
  public let from: Int64
  /// Whether it is counted anew in each file, where the rows come straight from files.
  public let restartsPerFile: Bool

  public init(_ column: String, from: Int64, restartsPerFile: Bool = false) {
    self.column = column
    self.from = from
    self.restartsPerFile = restartsPerFile
  }

  var added: Field { Field(column, .int64) }

  public func text(over inputs: [Schema]) -> String {
    "with_row_number \(column)" + (from == 1 ? "" : ", from \(from)") + (restartsPerFile ? ", in each file" : "")
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(column)
    writer.write(from)
    writer.write(restartsPerFile)
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    column = try reader.readString()
    from = try reader.readInt64()
    restartsPerFile = try reader.readBool()
  }
}
