// Writes CSV and TSV that read back as they were.
import DshColumns

/// RFC 4180 with line feeds: a null is an empty cell, empty text is `""`, quotes stand only where they must.
public struct CSVWriter: TextWriter {
  public let delimiter: UInt8
  public let hasHeader: Bool

  public init(delimiter: UInt8 = UInt8(ascii: ","), hasHeader: Bool = true) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
  }

  /// Tab-separated values.
  public static let tsv = CSVWriter(delimiter: UInt8(ascii: "\t"))

  public func appendHeader(_ schema: Schema, to output: MutableBuffer) {
    guard hasHeader, schema.count > 0 else { return }
    var cursor = TextCursor(output)
    for (index, field) in schema.fields.enumerated() {
      cursor.reserve(2)
      if index > 0 { cursor.write(delimiter) }
      var name = field.name
      name.withUTF8 { write(UnsafeRawBufferPointer($0), to: &cursor) }
    }
    cursor.reserve(1)
    cursor.write(UInt8(ascii: "\n"))
    cursor.finish()
  }

  public func append(_ batch: Batch, to output: MutableBuffer) {
    guard batch.schema.count > 0 else { return }
    let nested = MutableBuffer(capacity: 64)
    var cursor = TextCursor(output)
    batch.withSources { sources in
      for row in 0..<batch.rowCount {
        for index in sources.indices {
          cursor.reserve(CellText.numberLimitBytes + 2)
          if index > 0 { cursor.write(delimiter) }
          if sources[index].isNull(row) { continue }
          if sources[index].isText {
            write(sources[index].text(row), to: &cursor)
          } else if sources[index].kind == .other {
            nested.byteCount = 0
            CellText.append(batch.columns[index], row: row, to: nested)
            write(UnsafeRawBufferPointer(start: nested.start, count: nested.byteCount), to: &cursor)
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
  @inline(__always) private func write(_ text: UnsafeRawBufferPointer, to cursor: inout TextCursor) {
    if needsQuotes(text) { return writeQuoted(text, to: &cursor) }
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
    guard let base = text.baseAddress, text.count > 2 || !isNullText(text) else { return true }
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

  private func isNullText(_ text: UnsafeRawBufferPointer) -> Bool {
    text.isEmpty || (text.count == 2 && text[0] == UInt8(ascii: "\\") && text[1] == UInt8(ascii: "N"))
  }
}

/// Not zero if, and only if, a byte of the word is zero; the lowest bit set marks the first.
@inline(__always)
func zeroByte(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 }
