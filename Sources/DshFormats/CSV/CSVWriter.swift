// Writes CSV and TSV that read back as they were.
import DshColumns

/// RFC 4180 with line feeds: a null is an empty cell, empty text is `""`, and quotes stand around all that sniffing could take for
/// something else: names that look like values, values that are their column's name, other separators in a single column.
struct CSVWriter: TextWriter {
  var delimiter = UInt8(ascii: ",")

  func appendHeader(_ schema: Schema, to output: MutableBuffer) {
    guard schema.count > 0 else { return }
    var cursor = TextCursor(output)
    for (index, field) in schema.fields.enumerated() {
      cursor.reserve(2)
      if index > 0 { cursor.write(delimiter) }
      var name = field.name
      name.withUTF8 { utf8 in
        let text = UnsafeRawBufferPointer(utf8)
        if Self.looksLikeValue(field.name) { writeQuoted(text, to: &cursor) } else { write(text, isAlone: schema.count == 1, to: &cursor) }
      }
    }
    cursor.reserve(1)
    cursor.write(UInt8(ascii: "\n"))
    cursor.finish()
  }

  func append(_ batch: Batch, to output: MutableBuffer) {
    guard batch.schema.count > 0 else { return }
    let nested = MutableBuffer(capacity: 64)
    var cursor = TextCursor(output)
    let isAlone = batch.schema.count == 1
    // A value that is its column's name is told from it by quotes that only one of the two has.
    let names = batch.schema.fields.map { Self.looksLikeValue($0.name) ? [] : Array($0.name.utf8) }
    batch.withSources { sources in
      for row in 0..<batch.rowCount {
        for index in sources.indices {
          cursor.reserve(CellText.numberLimitBytes + 2)
          if index > 0 { cursor.write(delimiter) }
          if sources[index].isNull(row) { continue }
          if sources[index].isText {
            let text = sources[index].text(row)
            if text.count == names[index].count, text.elementsEqual(names[index]) {
              writeQuoted(text, to: &cursor)
            } else {
              write(text, isAlone: isAlone, to: &cursor)
            }
          } else if sources[index].kind == .other {
            nested.byteCount = 0
            CellText.append(batch.columns[index], row: row, to: nested)
            write(UnsafeRawBufferPointer(start: nested.start, count: nested.byteCount), isAlone: isAlone, to: &cursor)
          } else {
            sources[index].write(row, to: &cursor)
          }
        }
        cursor.reserve(1)
        cursor.write(UInt8(ascii: "\n"))
      }
    }
    cursor.finish()
  }

  /// Writes a cell of text.
  @inline(__always) private func write(_ text: UnsafeRawBufferPointer, isAlone: Bool, to cursor: inout TextCursor) {
    if needsQuotes(text) || (isAlone && holdsOtherSeparator(text)) { return writeQuoted(text, to: &cursor) }
    cursor.reserve(text.count)
    cursor.write(text)
  }

  @inline(never) private func writeQuoted(_ text: UnsafeRawBufferPointer, to cursor: inout TextCursor) {
    cursor.reserve(2 * text.count + 2)
    cursor.write(UInt8(ascii: "\""))
    for byte in text {
      if byte == UInt8(ascii: "\"") { cursor.write(byte) }
      cursor.write(byte)
    }
    cursor.write(UInt8(ascii: "\""))
  }

  /// Whether a text would be read as something else: as null, as several cells, as a quoted cell, or as a line end.
  @inline(__always) private func needsQuotes(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let base = text.baseAddress, text.count > 2 || !isNullText(text), !startsLikeMark(text) else { return true }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let (separators, quotes) = (ones &* UInt64(delimiter), ones &* UInt64(UInt8(ascii: "\"")))
    let (feeds, returns) = (ones &* UInt64(UInt8(ascii: "\n")), ones &* UInt64(UInt8(ascii: "\r")))
    var position = 0
    while position &+ 8 <= text.count {
      let word = (base + position).loadUnaligned(as: UInt64.self)
      let found = zeroByte(word ^ separators) | zeroByte(word ^ quotes) | zeroByte(word ^ feeds) | zeroByte(word ^ returns)
      if found != 0 { return true }
      position &+= 8
    }
    while position < text.count {
      let byte = base.load(fromByteOffset: position, as: UInt8.self)
      if byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return true }
      position &+= 1
    }
    return false
  }

  /// Whether a text begins as quoting with apostrophes, a byte-order mark or a spreadsheet's `sep=;` does.
  @inline(__always) private func startsLikeMark(_ text: UnsafeRawBufferPointer) -> Bool {
    switch text[0] {
    case UInt8(ascii: "'"), 0xEF: true
    case UInt8(ascii: "s"), UInt8(ascii: "S"): text.count > 3 && text[3] == UInt8(ascii: "=")
    default: false
    }
  }

  /// Whether the text of a single column holds what could separate several.
  private func holdsOtherSeparator(_ text: UnsafeRawBufferPointer) -> Bool { text.contains { CSVShape.delimiters.contains($0) } }

  /// Whether a column name could be taken for a number, date or truth value, or would lose white space.
  private static func looksLikeValue(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, let last = name.unicodeScalars.last else { return true }
    if first.properties.isWhitespace || last.properties.isWhitespace { return true }
    if ("0"..."9").contains(first) || ["+", "-", "."].contains(first) { return true }
    return ["true", "false", "inf", "infinity", "nan"].contains(name.lowercased())
  }

  private func isNullText(_ text: UnsafeRawBufferPointer) -> Bool {
    text.isEmpty || (text.count == 2 && text[0] == UInt8(ascii: "\\") && text[1] == UInt8(ascii: "N"))
  }
}

/// Not zero if, and only if, a byte of the word is zero; the lowest bit set marks the first.
@inline(__always)
func zeroByte(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 }
