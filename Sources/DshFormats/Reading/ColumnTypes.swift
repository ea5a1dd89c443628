// The types of the columns of a `read`: found out, given, or text for all.
import DshColumns
import DshDiagnostics

/// What a person says about types.
public enum ColumnTypes: Sendable {
  /// Found out, but for the named ones.
  case inferred([ExactText: DataType])
  case allString

  /// Whether a person has fixed the type of a column: a cell that does not fit is an error then, instead of a reason to widen.
  public func isFixed(_ name: String) -> Bool {
    if case .inferred(let given) = self { return given[ExactText(name)] != nil }
    return false
  }

  /// The type that a person gives for a column; nil if it is to be found out.
  public func given(_ name: String) -> DataType? {
    switch self {
    case .inferred(let given): given[ExactText(name)]
    case .allString: .string
    }
  }

  /// One schema for several files: the union of their columns in the types that are asked for.
  ///
  /// - Parameter guessed: those of the files that don't tell their types: a column without any value is text if one of them has it, and null otherwise.
  /// - Throws: `unknown-column`.
  public func schema(of files: [Schema], guessed: [Schema]) throws(Diagnostic) -> Schema {
    var schema = unifiedSchema(of: files)
    switch self {
    case .allString:
      for column in schema.fields.indices { schema.fields[column].type = .string }
    case .inferred(let given):
      for column in schema.fields.indices where schema[column].type == .null {
        if guessed.contains(where: { $0.index(of: schema[column].name) != nil }) { schema.fields[column].type = .string }
      }
      for (exactName, type) in given.sorted(by: { $0.key < $1.key }) {
        let name = exactName.wrappedValue
        guard let column = schema.index(of: name) else {
          throw Diagnostic(
            .unknownColumn, "--types names no column of the file: \(name)",
            suggestion: nearestName(to: name, in: schema.names).map(didYouMean),
            notes: ["columns: \(schema.names.joined(separator: ", "))"])
        }
        schema.fields[column].type = type
      }
    }
    return schema
  }
}
