// A row for each element of a list.

import DshColumns

/// Each row as often as its list has elements, with one element each.
public struct Elements: LogicalOperation {
  public static let name = "flat_map"
  public static let inputCount = 1

  /// The list, and the column that gets its elements: one of that name is replaced where it stands, and otherwise it comes last.
  public let column: NamedExpression

  public init(_ column: NamedExpression) { self.column = column }

  public var readsForward: Bool { true }
  public func schema(over inputs: [Schema]) -> Schema { inputs[0].replacing(Field(column.name, column.expression.type.element)) }

  public func text(over inputs: [Schema]) -> String { "flat_map \(column.name)" }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? {
    column == place(in: inputs[0]) ? nil : (0, column)
  }

  /// Where the elements stand.
  private func place(in input: Schema) -> Int { input.index(of: column.name) ?? input.count }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let place = place(in: inputs[0])
    let needed = column.expression.columns.union(wanted.filter { $0 != place }).sorted()
    let step = Elements(NamedExpression(column.name, column.expression.remapped(to: needed)))
    // A column of the elements' name that is read makes room for them; otherwise they come last.
    let available = needed.contains(place) ? needed : needed + [place]
    return PrunedOperation(operation: step, needed: [needed], available: available)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(column) }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    column = try reader.readNamedExpression()
    guard case .list = column.expression.type, column.expression.columns.allSatisfy(inputs[0].fields.indices.contains) else {
      throw DecodingFailure("elements of what is no list")
    }
  }
}
