// Writes one JSON array of objects.
import DshColumns

/// A JSON array with an object for each row, a row a line.
struct JSONWriter: TextWriter {
  var separatorText: StaticString { ",\n" }

  func appendHeader(_ schema: Schema, to output: MutableBuffer) { CellText.append("[\n", to: output) }

  func append(_ batch: Batch, to output: MutableBuffer) {
    appendObjects(batch, rowEnd: ",\n", lastRowEnd: "", to: output)
  }

  var footerText: StaticString { "\n]\n" }
}
