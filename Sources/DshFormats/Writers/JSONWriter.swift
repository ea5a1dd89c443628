// Writes one JSON array of objects.
import DshColumns

/// A JSON array with an object for each row, a row a line.
public struct JSONWriter: TextWriter {
  public init() {}

  public var separator: StaticString { ",\n" }

  public func appendHeader(_ schema: Schema, to output: MutableBuffer) { CellText.append("[\n", to: output) }

  public func append(_ batch: Batch, to output: MutableBuffer) {
    appendObjects(batch, rowEnd: ",\n", lastRowEnd: "", to: output)
  }

  public func appendFooter(_ schema: Schema, to output: MutableBuffer) { CellText.append("\n]\n", to: output) }
}
