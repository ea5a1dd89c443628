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
    for (index, field) in schema.fields.enumerated() {
      if index > 0 { output.append(delimiter) }
      var name = field.name
      name.withUTF8 { appendText(UnsafeRawBufferPointer($0), to: output) }
    }
    output.append(UInt8(ascii: "\n"))
  }

  public func append(_ batch: Batch, to output: MutableBuffer) {
    let sources = batch.columns.map { CellSource($0) }
    guard !sources.isEmpty else { return }
    let nested = MutableBuffer(capacity: 64)
    for row in 0..<batch.rowCount {
      for index in sources.indices {
        if index > 0 { output.append(delimiter) }
        if sources[index].isNull(row) { continue }
        if sources[index].isText {
          appendText(sources[index].text(row), to: output)
        } else if sources[index].kind == .other {
          nested.byteCount = 0
          sources[index].append(row, to: nested)
          appendText(UnsafeRawBufferPointer(start: nested.start, count: nested.byteCount), to: output)
        } else {
          sources[index].append(row, to: output)
        }
      }
      output.append(UInt8(ascii: "\n"))
    }
  }

  @inline(__always) private func appendText(_ text: UnsafeRawBufferPointer, to output: MutableBuffer) {
    if needsQuotes(text) { appendQuoted(text, to: output) } else { CellText.append(bytes: text, to: output) }
  }

  /// Whether a text would be read as something else: as null, as several cells, as a quoted cell, or as a line end.
  @inline(__always) private func needsQuotes(_ text: UnsafeRawBufferPointer) -> Bool {
    if text.count <= 2 && isNullText(text) { return true }
    guard let base = text.baseAddress else { return true }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let (separators, quotes) = (ones &* UInt64(delimiter), ones &* UInt64(UInt8(ascii: "\"")))
    let (feeds, returns) = (ones &* UInt64(UInt8(ascii: "\n")), ones &* UInt64(UInt8(ascii: "\r")))
    var position = 0
    while position &+ 8 <= text.count {
      let word = (base + position).loadUnaligned(as: UInt64.self)
      if Self.zeroByte(word ^ separators) | Self.zeroByte(word ^ quotes) | Self.zeroByte(word ^ feeds) | Self.zeroByte(word ^ returns) != 0
      {
        return true
      }
      position &+= 8
    }
    while position < text.count {
      let byte = text[position]
      if byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return true }
      position &+= 1
    }
    return false
  }

  /// Not zero if a byte of the word is zero.
  @inline(__always) private static func zeroByte(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  private func isNullText(_ text: UnsafeRawBufferPointer) -> Bool {
    text.isEmpty || (text.count == 2 && text[0] == UInt8(ascii: "\\") && text[1] == UInt8(ascii: "N"))
  }

  @inline(never) private func appendQuoted(_ text: UnsafeRawBufferPointer, to output: MutableBuffer) {
    output.append(UInt8(ascii: "\""))
    for byte in text {
      if byte == UInt8(ascii: "\"") { output.append(byte) }
      output.append(byte)
    }
    output.append(UInt8(ascii: "\""))
  }
}
