// One schema for several files.
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
      fields[place].type = CSVTypeInference.join(fields[place].type, field.type)
    } else {
      places[ExactText(field.name)] = fields.count
      fields.append(field)
    }
  }
  return Schema(fields)
}
