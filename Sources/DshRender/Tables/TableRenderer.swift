// Draws rows as a table with a frame, a header, a row of types and, where something was left out, ellipses.

import DshColumns
import DshDiagnostics

/// A table of rows.
public struct TableRenderer {
  private let columns: [RenderedColumn]
  private let layout: TableLayout
  private let rowCount: Int
  private let settings: RenderSettings

  public init(_ rows: Batch, settings: RenderSettings) {
    columns = zip(rows.schema.fields, rows.columns).map { RenderedColumn($0, $1, digits: settings.digits) }
    layout = TableLayout(demands: columns.map(\.demand), width: settings.width)
    rowCount = rows.rowCount
    self.settings = settings
  }

  /// How many columns the table has room for.
  public var shownColumnCount: Int { layout.columns.count }

  /// Whether some cell may have been cut.
  public var cutsCells: Bool { layout.cutsCells }

  /// Appends the table, line by line.
  ///
  /// - Parameters:
  ///   - gapRow: the row before which a row of `⋮` marks rows left out.
  ///   - hidden: rows that are left out here, with a row of `⋮` in their place.
  ///   - flush: called between lines so that a long table can leave the buffer in pieces.
  public func render(gapRow: Int? = nil, hidden: Range<Int>? = nil, to output: MutableBuffer, flush: () -> Void = {}) {
    guard !columns.isEmpty else { return }
    appendRule(settings.drawing.top, to: output)
    appendLine(filler: settings.drawing.ellipsis.text, to: output) { $0.append($0.name, width: $1, to: $2) }
    appendLine(filler: " ", to: output) { $0.append($0.typeName, width: $1, dim: settings.usesColor, to: $2) }
    appendRule(settings.drawing.middle, to: output)
    let gap = settings.drawing.gap.text
    for row in 0..<rowCount where !(hidden?.contains(row) ?? false) {
      if row == gapRow || row == hidden?.upperBound { appendLine(filler: gap, to: output) { $0.append(gap, width: $1, to: $2) } }
      append(row, to: output)
      flush()
    }
    if let gapRow, gapRow >= rowCount, rowCount > 0 { appendLine(filler: gap, to: output) { $0.append(gap, width: $1, to: $2) } }
    appendRule(settings.drawing.bottom, to: output)
  }

  /// Appends one row; the room for it is made once, so that long tables are written at memory speed.
  private func append(_ row: Int, to output: MutableBuffer) {
    output.reserve(layout.columns.reduce(32) { $0 + columns[$1.index].byteLimit(row, width: $1.width) })
    let start = output.start + output.byteCount
    let filler = " \(settings.drawing.ellipsis.text) \(settings.drawing.vertical.text)"
    let bar = settings.drawing.vertical.text
    var end = writeString(bar, to: start)
    for (position, shown) in layout.columns.enumerated() {
      if position == layout.gap { end = writeString(filler, to: end) }
      let column = columns[shown.index]
      end = column.write(row, width: shown.width, dim: settings.usesColor && column.isNull(row), bar: bar, to: end)
    }
    if layout.gap == layout.columns.count { end = writeString(filler, to: end) }
    end = writeText("\n", to: end)
    output.byteCount += end - start
  }

  private func appendLine(filler: String, to output: MutableBuffer, cell: (RenderedColumn, Int, MutableBuffer) -> Void) {
    CellText.append(settings.drawing.vertical.text, to: output)
    for (position, shown) in layout.columns.enumerated() {
      if position == layout.gap { appendFiller(filler, to: output) }
      CellText.append(" ", to: output)
      cell(columns[shown.index], shown.width, output)
      CellText.append(" " + settings.drawing.vertical.text, to: output)
    }
    if layout.gap == layout.columns.count { appendFiller(filler, to: output) }
    CellText.append("\n", to: output)
  }

  private func appendFiller(_ filler: String, to output: MutableBuffer) {
    CellText.append(" ", to: output)
    CellText.append(filler, to: output)
    CellText.append(" " + settings.drawing.vertical.text, to: output)
  }

  private func appendRule(_ joints: [StaticText], to output: MutableBuffer) {
    var widths = layout.columns.map(\.width)
    if let gap = layout.gap { widths.insert(1, at: gap) }
    let bars = widths.map { String(repeating: settings.drawing.horizontal.text, count: $0 + 2) }
    CellText.append(joints[0].text + bars.joined(separator: joints[1].text) + joints[2].text + "\n", to: output)
  }
}
