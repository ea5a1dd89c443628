// Writes every cell on a line of its own.
import DshColumns
import DshDiagnostics

/// The vertical form: `name = value` for each cell, names to the right, a blank line between rows.
struct LineWriter: TextWriter {
  var separatorText: StaticString { "\n" }

  func append(_ batch: Batch, to output: MutableBuffer) {
    let widths = batch.schema.names.map { displayWidth($0) }
    let widest = widths.max() ?? 0
    for row in 0..<batch.rowCount {
      if row > 0 { output.append(UInt8(ascii: "\n")) }
      for (index, column) in batch.columns.enumerated() {
        for _ in 0..<(widest - widths[index]) { output.append(UInt8(ascii: " ")) }
        CellText.append(batch.schema[index].name, to: output)
        CellText.append(" = ", to: output)
        CellText.append(column, row: row, to: output)
        output.append(UInt8(ascii: "\n"))
      }
    }
  }
}
