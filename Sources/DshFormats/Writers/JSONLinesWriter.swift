// Writes one JSON object a line.
import DshColumns

/// JSON Lines: every row an object with all columns, nulls included.
public struct JSONLinesWriter: TextWriter {
  public init() {}

  public func append(_ batch: Batch, to output: MutableBuffer) {
    appendObjects(batch, rowEnd: "\n", lastRowEnd: "\n", to: output)
  }
}

/// Appends every row as an object, with something behind each and behind the last.
func appendObjects(_ batch: Batch, rowEnd: StaticString, lastRowEnd: StaticString, to output: MutableBuffer) {
  let sources = batch.columns.map { CellSource($0) }
  // The names with their punctuation, escaped once for all rows.
  let keys = MutableBuffer(capacity: 256)
  var ends = [0]
  for (index, field) in batch.schema.fields.enumerated() {
    keys.append(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
    CellText.appendJSON(text: field.name, to: keys)
    keys.append(UInt8(ascii: ":"))
    ends.append(keys.byteCount)
  }
  for row in 0..<batch.rowCount {
    if sources.isEmpty { output.append(UInt8(ascii: "{")) }
    for index in sources.indices {
      output.append(UnsafeRawPointer(keys.start) + ends[index], byteCount: ends[index + 1] - ends[index])
      sources[index].appendJSON(row, to: output)
    }
    output.append(UInt8(ascii: "}"))
    CellText.append(row == batch.rowCount - 1 ? lastRowEnd : rowEnd, to: output)
  }
}
