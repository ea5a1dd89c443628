// Draws rows one below the other, a line for each cell: the `line` format on a terminal.

import DshColumns
import DshDiagnostics

/// The `line` format for a person: records numbered, names aligned, long cells wrapped to the width.
public struct RecordRenderer {
  private let rows: Batch
  private let settings: RenderSettings

  public init(_ rows: Batch, settings: RenderSettings) {
    self.rows = rows
    self.settings = settings
  }

  /// Appends the records; `flush` is called between lines.
  public func render(to output: MutableBuffer, flush: () -> Void) {
    let names = rows.schema.names.map(escapingControls)
    let widest = names.reduce(0) { max($0, displayWidth($1)) }
    let nameWidth = settings.width.map { min(widest, max(4, $0 / 3)) } ?? widest
    for row in 0..<rows.rowCount {
      let title = "\(settings.drawing.horizontal.text)\(settings.drawing.horizontal.text) row \(row + 1) of \(rows.rowCount)"
      CellText.append(Style.dim.applied(to: title, if: settings.usesColor) + "\n", to: output)
      for (index, column) in rows.columns.enumerated() {
        append(names[index], nameWidth, column, row, to: output)
        flush()
      }
    }
  }

  private func append(_ name: String, _ nameWidth: Int, _ column: Column, _ row: Int, to output: MutableBuffer) {
    let label = padded(cut(name, to: nameWidth), to: nameWidth, right: true)
    guard column.isValid(row) else {
      CellText.append("\(label)  \(Style.dim.applied(to: "null", if: settings.usesColor))\n", to: output)
      return
    }
    let text = MutableBuffer(capacity: 64)
    CellText.append(column, row: row, to: text)
    let cell = escapingControls(String(decoding: UnsafeRawBufferPointer(start: text.start, count: text.byteCount), as: UTF8.self))
    let pieces = settings.width.map { wrappedLines(cell, width: max(8, $0 - nameWidth - 2)) } ?? [cell]
    for (number, piece) in pieces.enumerated() {
      let start = number == 0 ? label : String(repeating: " ", count: nameWidth)
      CellText.append("\(start)  \(piece)\n", to: output)
    }
  }
}
