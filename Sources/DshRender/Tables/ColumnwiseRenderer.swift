// Draws rows column by column, a line for each: name, type, values.

import DshColumns
import DshDiagnostics

/// The layout of `take_batch`.
struct ColumnwiseRenderer {
  private let rows: Batch
  private let settings: RenderSettings

  init(_ rows: Batch, settings: RenderSettings) {
    self.rows = rows
    self.settings = settings
  }

  /// Appends the lines; whether any was cut.
  func render(to output: MutableBuffer) -> Bool {
    let names = rows.schema.names.map(escapingControls)
    let types = rows.schema.types.map(\.name)
    let nameWidth = names.reduce(0) { max($0, displayWidth($1)) }
    let typeWidth = types.reduce(0) { max($0, displayWidth($1)) }
    var cutsSome = false
    for index in rows.schema.fields.indices {
      let start = "\(padded(names[index], to: nameWidth))  \(padded(types[index], to: typeWidth))  "
      let line = start + values(of: rows.columns[index], width: settings.width.map { $0 - displayWidth(start) })
      let shown = settings.width.map { cut(line, to: $0) } ?? line
      cutsSome = cutsSome || shown.count < line.count
      CellText.append(shown + "\n", to: output)
    }
    return cutsSome
  }

  /// The values between commas; text in quotes, because it may hold commas itself. Stops soon after `width` cells.
  private func values(of column: Column, width: Int?) -> String {
    let text = MutableBuffer(capacity: 256)
    for row in 0..<column.count {
      if row > 0 { CellText.append(", ", to: text) }
      // Four bytes is the longest a cell's character can be in UTF-8, combining marks aside; those are cut later.
      if let width, text.byteCount > 4 * max(width, 1) + 64 { break }
      if !column.isValid(row) {
        CellText.append("null", to: text)
      } else if column.type == .string {
        CellText.appendJSON(text: column.textBytes(at: row), to: text)
      } else {
        CellText.append(column, row: row, to: text)
      }
    }
    return escapingControls(String(decoding: UnsafeRawBufferPointer(start: text.start, count: text.byteCount), as: UTF8.self))
  }
}
