// The names and types of a dataset's columns, in order.
import DshDiagnostics

/// An ordered list of columns; names are unique.
public struct Schema: Hashable, Sendable {
  public var fields: [Field]

  public init(_ fields: [Field]) { self.fields = fields }

  public var count: Int { fields.count }
  public var names: [String] { fields.map(\.name) }
  public var types: [DataType] { fields.map(\.type) }

  /// The index of the column with exactly this name.
  public func index(of name: String) -> Int? { fields.firstIndex { $0.name.isExactly(name) } }

  public subscript(index: Int) -> Field { fields[index] }

  /// The same columns with one in the place of that of its name, or behind the others if there is none.
  public func replacing(_ field: Field) -> Schema {
    guard let index = index(of: field.name) else { return Schema(fields + [field]) }
    var replaced = self
    replaced.fields[index] = field
    return replaced
  }
}
