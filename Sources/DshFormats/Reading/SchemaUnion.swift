// One schema for several files, and one type for several cells.
import DshColumns
import DshDiagnostics

/// The union of several files' columns by name, in the order in which they first appear.
///
/// A column that a file lacks is null in its rows. Types that differ become the narrowest one that holds both, text in the end.
public func unifiedSchema(of schemas: [Schema]) -> Schema {
  var fields: [Field] = []
  var places: [ExactText: Int] = [:]
  for field in schemas.flatMap(\.fields) {
    if let place = places[ExactText(field.name)] {
      fields[place].type = fields[place].type.widened(with: field.type)
    } else {
      places[ExactText(field.name)] = fields.count
      fields.append(field)
    }
  }
  return Schema(fields)
}

extension DataType {
  /// The narrowest type of two: `null` gives way to anything, integers to floats, dates to timestamps, all else becomes text.
  public func widened(with other: DataType) -> DataType { unified(with: other) ?? .string }
}
