// Rows and listings as tables of HTML, with the cell texts of the tables on a terminal.

import DshColumns
import DshDiagnostics

/// A table.
struct HTMLTable {
  private(set) var text = ""

  /// A page holds no more: those in the middle are left out.
  private static let rowLimit = 1000
  private static let columnLimit = 200
  /// Characters of a cell: what is longer can't be taken in as part of a table.
  private static let cellLimit = 400

  init(_ output: RowsOutput, settings: RenderSettings) {
    let renderer = RowsRenderer(output, settings: settings)
    let count = output.rows.schema.count
    let shown = Self.shown(count, limit: Self.columnLimit)
    let columns = shown.map { RenderedColumn(output.rows.schema[$0], output.rows.columns[$0], digits: settings.digits) }
    open()
    text += "<thead><tr>"
    for (place, column) in columns.enumerated() {
      addGap(before: place, shown, "th")
      text += "<th\(Self.alignment(column.alignsRight))>\(markup(column.name))<br/><small>\(markup(column.typeName))</small></th>"
    }
    text += "</tr></thead><tbody>"
    let rows = Self.shown(output.rows.rowCount, limit: min(Self.rowLimit, settings.rowLimit ?? Self.rowLimit))
    for (place, row) in rows.enumerated() {
      if row == renderer.gapRow || (place > 0 && rows[place - 1] + 1 < row) { addGapRow(columns.count) }
      text += "<tr>"
      for (place, column) in columns.enumerated() {
        addGap(before: place, shown, "td")
        let cell = markup(shortened(column.string(at: row), to: Self.cellLimit))
        text += "<td\(Self.alignment(column.alignsRight))>\(column.isNull(row) ? "<i>\(cell)</i>" : cell)</td>"
      }
      text += "</tr>"
    }
    text += "</tbody>"
    let left = settings.rowLimit == nil ? Self.leftOut(output.rows.rowCount - rows.count) : nil
    close(renderer.footer(shownColumns: columns.count, cutsCells: false) + (left.map { "; " + $0 } ?? ""))
  }

  init(_ listing: Listing, settings: RenderSettings) {
    let renderer = ListingRenderer(listing, settings: settings)
    let cells = renderer.cells(withBars: false)
    func row(_ row: [String], _ tag: String) -> String {
      row.enumerated().map { place, cell in
        "<\(tag)\(Self.alignment(renderer.isRight(place)))>\(markup(shortened(cell, to: Self.cellLimit)))</\(tag)>"
      }.joined()
    }
    open()
    text += "<thead><tr>\(row(cells[0], "th"))</tr></thead><tbody>"
    let rows = Self.shown(listing.rows.count, limit: Self.rowLimit)
    for (place, index) in rows.enumerated() {
      if place > 0, rows[place - 1] + 1 < index { addGapRow(cells[0].count) }
      text += "<tr>\(row(cells[index + 1], "td"))</tr>"
    }
    text += "</tbody>"
    close(Self.leftOut(listing.rows.count - rows.count))
  }

  /// The first and the last of so many things.
  private static func shown(_ count: Int, limit: Int) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    let first = (limit + 1) / 2
    return Array(0..<first) + Array((count - (limit - first))..<count)
  }

  private static func leftOut(_ rows: Int) -> String? {
    rows > 0 ? "\(counted(rows, "row")) in the middle are not shown here" : nil
  }

  private static func alignment(_ isRight: Bool) -> String { isRight ? " style=\"text-align:right\"" : " style=\"text-align:left\"" }

  /// Wide tables move in a box of their own.
  private mutating func open() { text += "<div class=\"dsh-table\" style=\"overflow-x:auto\"><table>" }

  private mutating func close(_ caption: String?) {
    text += "</table>"
    if let caption { text += "<small>\(markup(caption))</small>" }
    text += "</div>"
  }

  private mutating func addGap(before place: Int, _ shown: [Int], _ tag: String) {
    if place > 0, shown[place - 1] + 1 < shown[place] { text += "<\(tag)>…</\(tag)>" }
  }

  private mutating func addGapRow(_ columns: Int) { text += "<tr><td colspan=\"\(columns + 1)\">⋮</td></tr>" }
}
