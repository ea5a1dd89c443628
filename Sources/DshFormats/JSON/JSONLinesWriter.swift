// Writes one JSON object a line.
import DshColumns

/// JSON Lines: every row an object with all columns, nulls included.
struct JSONLinesWriter: TextWriter {
  func append(_ batch: Batch, to output: MutableBuffer) {
    appendObjects(batch, rowEnd: "\n", lastRowEnd: "\n", to: output)
  }
}

/// Appends every row as an object, with something behind each and behind the last.
func appendObjects(_ batch: Batch, rowEnd: StaticString, lastRowEnd: StaticString, to output: MutableBuffer) {
  // The names with their punctuation, escaped once for all rows.
  let keys = MutableBuffer(capacity: 256)
  var ends = [0]
  for (index, field) in batch.schema.fields.enumerated() {
    keys.append(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
    CellText.appendJSON(text: field.name, to: keys)
    keys.append(UInt8(ascii: ":"))
    ends.append(keys.byteCount)
  }
  let nested = MutableBuffer(capacity: 64)
  var cursor = TextCursor(output)
  batch.withSources { sources in
    for row in 0..<batch.rowCount {
      cursor.reserve(8)
      if sources.isEmpty { cursor.write(UInt8(ascii: "{")) }
      for index in sources.indices {
        let length = ends[index + 1] - ends[index]
        cursor.reserve(length + CellText.numberLimitBytes + 8)
        cursor.write(UnsafeRawBufferPointer(start: keys.start + ends[index], count: length))
        if sources[index].isNull(row) || sources[index].isOutsideJSON(row) {
          cursor.write("null")
        } else if sources[index].isText {
          writeJSON(sources[index].text(row), to: &cursor)
        } else if sources[index].kind == .other {
          nested.byteCount = 0
          CellText.appendJSON(batch.columns[index], row: row, to: nested)
          cursor.reserve(nested.byteCount + 8)
          cursor.write(UnsafeRawBufferPointer(start: nested.start, count: nested.byteCount))
        } else {
          let isMoment = sources[index].isMoment
          if isMoment { cursor.write(UInt8(ascii: "\"")) }
          sources[index].write(row, to: &cursor)
          if isMoment { cursor.write(UInt8(ascii: "\"")) }
        }
      }
      cursor.reserve(8)
      cursor.write(UInt8(ascii: "}"))
      cursor.write(row == batch.rowCount - 1 ? lastRowEnd : rowEnd)
    }
  }
  cursor.finish()
}

/// Writes text as a JSON string and leaves eight bytes reserved.
@inline(__always)
private func writeJSON(_ text: UnsafeRawBufferPointer, to cursor: inout TextCursor) {
  if let base = text.baseAddress, needsEscapes(base, text.count) {
    let escaped = MutableBuffer(capacity: text.count * 2)
    CellText.appendJSON(text: text, to: escaped)
    cursor.reserve(escaped.byteCount + 8)
    return cursor.write(UnsafeRawBufferPointer(start: escaped.start, count: escaped.byteCount))
  }
  cursor.reserve(text.count + 10)
  cursor.write(UInt8(ascii: "\""))
  cursor.write(text)
  cursor.write(UInt8(ascii: "\""))
}

/// Whether a text holds a quote, a backslash or a control character.
@inline(__always)
private func needsEscapes(_ base: UnsafeRawPointer, _ count: Int) -> Bool {
  let ones: UInt64 = 0x0101_0101_0101_0101
  var position = 0
  while position &+ 8 <= count {
    let word = (base + position).loadUnaligned(as: UInt64.self)
    // A byte below 32 is zero without its lowest five bits and with its highest bit clear.
    let controls = zeroByte(word & (ones &* 0xE0))
    if controls | zeroByte(word ^ (ones &* 0x22)) | zeroByte(word ^ (ones &* 0x5C)) != 0 { return true }
    position &+= 8
  }
  while position < count {
    let byte = base.load(fromByteOffset: position, as: UInt8.self)
    if byte < 0x20 || byte == 0x22 || byte == 0x5C { return true }
    position &+= 1
  }
  return false
}
