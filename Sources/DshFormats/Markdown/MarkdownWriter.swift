// Writes a Markdown table.
import DshColumns

/// A table in GitHub's flavour of Markdown: numbers to the right, a null an empty cell, `|` escaped, line ends `<br>`.
struct MarkdownWriter: TextWriter {
  func appendHeader(_ schema: Schema, to output: MutableBuffer) {
    guard schema.count > 0 else { return }
    for field in schema.fields {
      CellText.append("| ", to: output)
      var name = field.name
      name.withUTF8 { appendEscaped(UnsafeRawBufferPointer($0), to: output) }
      output.append(UInt8(ascii: " "))
    }
    CellText.append("|\n", to: output)
    for field in schema.fields { CellText.append(field.type.isNumeric ? "|---:" : "|---", to: output) }
    CellText.append("|\n", to: output)
  }

  func append(_ batch: Batch, to output: MutableBuffer) {
    guard batch.schema.count > 0 else { return }
    let cell = MutableBuffer(capacity: 64)
    for row in 0..<batch.rowCount {
      for column in batch.columns {
        CellText.append("| ", to: output)
        cell.byteCount = 0
        CellText.append(column, row: row, to: cell)
        appendEscaped(UnsafeRawBufferPointer(start: cell.start, count: cell.byteCount), to: output)
        output.append(UInt8(ascii: " "))
      }
      CellText.append("|\n", to: output)
    }
  }

  private func appendEscaped(_ text: UnsafeRawBufferPointer, to output: MutableBuffer) {
    for (index, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "|"): CellText.append("\\|", to: output)
      case UInt8(ascii: "\n"): CellText.append("<br>", to: output)
      case UInt8(ascii: "\r"):
        // A line end of two characters is one.
        if index + 1 == text.count || text[index + 1] != UInt8(ascii: "\n") { CellText.append("<br>", to: output) }
      default: output.append(byte)
      }
    }
  }
}
