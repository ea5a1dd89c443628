// A row for each of some columns.

import DshColumns
import DshDiagnostics

/// Of each row a row for each of some columns of one type, with the column's name and its value behind the columns that are repeated.
public struct Unpivot: LogicalOperation {
  public static let name = "unpivot"
  public static let inputCount = 1

  /// The columns that become rows, in the order of those.
  public let columns: [Int]
  @ExactText public var nameColumn: String
  @ExactText public var valueColumn: String

  public init(_ columns: [Int], name: String, value: String) {
    self.columns = columns
    nameColumn = name
    valueColumn = value
  }

  /// The columns that are repeated.
  private func kept(_ input: Schema) -> [Int] { input.fields.indices.filter { !columns.contains($0) } }

  public var readsForward: Bool { true }
  public func schema(over inputs: [Schema]) -> Schema {
    let value = Field(valueColumn, inputs[0][columns[0]].type)
    return Schema(kept(inputs[0]).map { inputs[0][$0] } + [Field(nameColumn, .string), value])
  }

  public func text(over inputs: [Schema]) -> String { "unpivot \(columns.map { inputs[0][$0].name }.joined(separator: ", "))" }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? {
    let kept = kept(inputs[0])
    return column < kept.count ? (0, kept[column]) : nil
  }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let kept = kept(inputs[0])
    let repeated = wanted.filter { $0 < kept.count }
    let needed = (repeated.map { kept[$0] } + columns).sorted()
    let moved = columns.compactMap { needed.firstIndex(of: $0) }
    return PrunedOperation(
      operation: Unpivot(moved, name: nameColumn, value: valueColumn), needed: [needed], available: repeated + [kept.count, kept.count + 1])
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(columns) { $0.write($1) }
    writer.write(nameColumn)
    writer.write(valueColumn)
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    columns = try reader.readArray { try $0.readInt() }
    nameColumn = try reader.readString()
    valueColumn = try reader.readString()
    guard let first = columns.first, columns.allSatisfy(inputs[0].fields.indices.contains), Set(columns).count == columns.count,
      columns.allSatisfy({ inputs[0][$0].type == inputs[0][first].type })
    else { throw DecodingFailure("columns that can't become rows") }
  }
}
