// Cells that the sample did not foretell.
import DshColumns

/// Some columns hold cells that do not fit their types: read the file again with the types given here.
///
/// The types fit all cells of the part in the columns that the scan looks at, so that one more run is enough. If the part's start was a
/// guess, the surprise counts only once the guess is confirmed.
public struct TypeSurprise: Error, Sendable {
  public struct Widening: Hashable, Sendable {
    /// The column's index in the file.
    public var column: Int
    public var type: DataType
    /// The first cell that does not fit, and where it starts in the file.
    public var text: String
    public var byteOffset: Int
  }

  public var columns: [Widening]

  /// The schema with the wider types.
  public func applied(to schema: Schema) -> Schema {
    var wider = schema
    for widening in columns where wider.fields.indices.contains(widening.column) {
      wider.fields[widening.column].type = CSVTypeInference.join(wider.fields[widening.column].type, widening.type)
    }
    return wider
  }
}
