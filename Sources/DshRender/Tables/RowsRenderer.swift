// Draws rows in the layout their action asks for, with the line under them that counts rows and columns.

import DshColumns
import DshDiagnostics

/// Rows as text.
public struct RowsRenderer {
  private let output: RowsOutput
  private let settings: RenderSettings

  public init(_ output: RowsOutput, settings: RenderSettings) {
    self.output = output
    self.settings = settings
  }

  /// Appends the rows and their counts.
  public func render(to buffer: MutableBuffer, flush: () -> Void = {}) {
    switch output.layout {
    case .columns:
      let cutsCells = ColumnwiseRenderer(output.rows, settings: settings).render(to: buffer)
      appendFooter(shownColumns: output.rows.schema.count, cutsCells: cutsCells, to: buffer)
    case .table, .headAndTail:
      let table = TableRenderer(output.rows, settings: settings)
      table.render(gapRow: gapRow, hidden: hiddenRows, to: buffer, flush: flush)
      appendFooter(shownColumns: table.shownColumnCount, cutsCells: table.cutsCells, to: buffer)
    }
  }

  /// The row before which rows are left out, if any are.
  var gapRow: Int? {
    if case .headAndTail(let head, let total) = output.layout, total > output.rows.rowCount { return head }
    return nil
  }

  /// The rows in the middle that `set rows` leaves out.
  private var hiddenRows: Range<Int>? {
    guard let limit = settings.rowLimit, output.rows.rowCount > limit else { return nil }
    let head = (limit + 1) / 2
    return head..<(output.rows.rowCount - (limit - head))
  }

  private func appendFooter(shownColumns: Int, cutsCells: Bool, to buffer: MutableBuffer) {
    let text = footer(shownColumns: shownColumns, cutsCells: cutsCells)
    for line in wrappedLines(text, width: settings.width ?? .max, indent: 2) { CellText.append(line + "\n", to: buffer) }
  }

  /// `3 rows (more follow), 10 columns (3 shown; ...)`
  func footer(shownColumns: Int, cutsCells: Bool) -> String {
    let shown = output.rows.rowCount
    let total = if case .headAndTail(_, let total) = output.layout { total } else { output.totalRows }
    let rows =
      if let total, total > shown {
        gapRow == nil ? "\(counted(shown, "row")) of \(groupedText(total))" : "\(counted(total, "row")) (\(groupedText(shown)) shown)"
      } else if output.more != .no, total == nil {
        "\(counted(shown, "row")) (more \(output.more == .yes ? "" : "may ")follow)"
      } else {
        counted(shown, "row")
      }
    let columnCount = output.rows.schema.count
    let left = hiddenRows.map { " (\(groupedText($0.count)) not shown; `last` shows all)" } ?? ""
    var columns = counted(columnCount, "column")
    if shownColumns < columnCount {
      columns += " (\(shownColumns) shown; `set width 0` shows all)"
    } else if cutsCells {
      columns += " (some cut; `set width 0` shows all)"
    }
    return "\(rows)\(left), \(columns)"
  }
}
