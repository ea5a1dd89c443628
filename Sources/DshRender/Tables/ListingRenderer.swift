// Draws small tables about the shell and the cluster as plain aligned columns.

import DshColumns
import DshDiagnostics

/// The text of a listing.
///
/// A column named `limit` behind a column of bytes is drawn into it: `59.0 KiB / 2.0 GiB`, on a terminal with a bar; so is one named `share`.
public struct ListingRenderer {
  private let listing: Listing
  private let settings: RenderSettings
  private let foldingWidth: Int?

  /// - Parameter foldingWidth: the cells a line may take; nil for lines as long as they are.
  public init(_ listing: Listing, settings: RenderSettings, foldingWidth: Int? = nil) {
    self.listing = listing
    self.settings = settings
    self.foldingWidth = foldingWidth
  }

  /// The lines without line ends.
  ///
  /// A listing hides nothing: columns beyond the folding width follow in further parts below, each behind the first column.
  public func lines() -> [String] {
    var table = cells(withBars: settings.width != nil)
    var widths = Self.widths(table)
    if let foldingWidth, Self.total(widths) > foldingWidth {
      let plain = cells(withBars: false)
      let plainWidths = Self.widths(plain)
      // A bar is no reason to fold.
      if Self.total(plainWidths) <= foldingWidth { (table, widths) = (plain, plainWidths) }
    }
    if let foldingWidth, Self.total(widths) > foldingWidth, let first = widths.first, first > foldingWidth / 2, widths.count > 1 {
      // A long name stands on a line of its own, and what is said of it below.
      widths[0] = table.map { displayWidth($0[0]) }.filter { $0 <= foldingWidth / 2 }.max() ?? 1
    }
    return Array(parts(widths).map { part in lines(of: table, part, widths) }.joined(separator: [""]))
  }

  /// The texts of the columns' names, then of each row.
  func cells(withBars: Bool) -> [[String]] {
    var table: [[String]] = [[]]
    table += listing.rows.map { _ in [] }
    for (index, column) in listing.columns.enumerated() where !isLimit(index) {
      let withLimit = isLimit(index + 1)
      table[0].append(escapingControls(column.name) + (withLimit ? " / limit" : ""))
      for (row, values) in listing.rows.enumerated() {
        var cell = text(of: values.indices.contains(index) ? values[index] : .null, unit: column.unit)
        if withLimit, values.indices.contains(index + 1) {
          cell += " / " + text(of: values[index + 1], unit: .bytes)
          if withBars { cell += " " + bar(values[index], of: values[index + 1]) }
        }
        if column.unit == .bytesOfLargest, withBars, values.indices.contains(index) {
          cell = padded(cell, to: Self.bytesWidth) + " " + bar(values[index], of: largest(in: index))
        }
        table[row + 1].append(cell)
      }
    }
    return table
  }

  private static func widths(_ table: [[String]]) -> [Int] {
    table[0].indices.map { column in table.reduce(0) { max($0, displayWidth($1[column])) } }
  }

  private static func total(_ widths: [Int]) -> Int { widths.reduce(2 * (widths.count - 1), +) }

  /// The columns of each part; all in one where they fit or nothing limits them.
  private func parts(_ widths: [Int]) -> [[Int]] {
    guard let first = widths.first, let limit = foldingWidth else { return [Array(widths.indices)] }
    var parts = [[0]]
    var taken = first
    for column in widths.indices.dropFirst() {
      if taken + 2 + widths[column] > limit, parts[parts.count - 1].count > 1 {
        parts.append([0])
        taken = first
      }
      parts[parts.count - 1].append(column)
      taken += 2 + widths[column]
    }
    return parts
  }

  private func lines(of table: [[String]], _ part: [Int], _ widths: [Int]) -> [String] {
    let last = part[part.count - 1]
    let indent = part.dropLast().reduce(0) { $0 + widths[$1] + 2 }
    return table.enumerated().flatMap { number, cells -> [String] in
      var cells = cells
      var above: [String] = []
      if part.count > 1, displayWidth(cells[part[0]]) > widths[part[0]] {
        above = [cells[part[0]]]
        cells[part[0]] = ""
      }
      let start = part.dropLast().map { aligned(cells[$0], in: $0, widths) + "  " }.joined()
      return above
        + broken(isRight(last) ? aligned(cells[last], in: last, widths) : cells[last], indent).enumerated().map { piece, text in
          var line = (piece == 0 ? start : String(repeating: " ", count: indent)) + text
          while line.hasSuffix(" ") { line.removeLast() }
          return number == 0 ? Style.dim.applied(to: line, if: settings.usesColor) : line
        }
    }
  }

  /// A cell as wide as its column, numbers to the right.
  private func aligned(_ cell: String, in column: Int, _ widths: [Int]) -> String {
    isRight(column) ? String(repeating: " ", count: max(0, widths[column] - displayWidth(cell))) + cell : padded(cell, to: widths[column])
  }

  /// Whether a shown column holds numbers alone; those with a limit or a bar behind them are read from the left.
  func isRight(_ shown: Int) -> Bool {
    let columns = listing.columns.indices.filter { !isLimit($0) }
    let column = columns[shown]
    return !isLimit(column + 1) && [.bytes, .count, .seconds].contains(listing.columns[column].unit)
  }

  /// The text of a last column, broken at blanks to stay in its column where that is wide enough to read.
  private func broken(_ cell: String, _ indent: Int) -> [String] {
    guard let width = foldingWidth, width >= indent + Self.readableCells else { return [cell] }
    return wrappedLines(cell, width: width - indent, indent: 0)
  }

  /// Narrower columns of text are worse than lines that the terminal breaks.
  private static let readableCells = 20

  /// `1023.9 KiB` and its like.
  private static let bytesWidth = 10

  private func largest(in column: Int) -> Value {
    let numbers = listing.rows.compactMap { row -> Int64? in
      if row.indices.contains(column), case .int64(let number) = row[column] { number } else { nil }
    }
    return .int64(numbers.max() ?? 0)
  }

  private func isLimit(_ index: Int) -> Bool {
    guard index > 0, index < listing.columns.count else { return false }
    return listing.columns[index].name == "limit" && listing.columns[index].unit == .bytes && listing.columns[index - 1].unit == .bytes
  }

  private func text(of value: Value, unit: Listing.Unit) -> String {
    switch (unit, value) {
    case (_, .null): "-"
    case (.bytes, .int64(let number)), (.bytesOfLargest, .int64(let number)): bytesText(Int(number))
    case (.count, .int64(let number)): groupedText(Int(number))
    case (.seconds, .float64(let seconds)): secondsText(seconds)
    default: escapingControls(CellText.string(value) ?? "")
    }
  }

  /// How full a store is.
  private func bar(_ used: Value, of limit: Value) -> String {
    guard case .int64(let used) = used, case .int64(let limit) = limit, limit > 0, used > 0 else { return "" }
    return settings.drawing.bar(Double(used) / Double(limit), cells: 8)
  }
}

extension Listing {
  /// The listing as a batch, for machine formats: exact values in columns of the type they share.
  public var batch: Batch {
    let fields = columns.enumerated().map { index, column in
      let types = rows.map { $0.indices.contains(index) ? $0[index].type : .null }
      return Field(column.name, types.reduce(.null) { $0.unified(with: $1) ?? .string })
    }
    let built = fields.enumerated().map { index, field in
      let builder = ColumnBuilder(type: field.type)
      for row in rows {
        let value = row.indices.contains(index) ? row[index] : .null
        if field.type == .string, !value.isNull, value.type != .string {
          builder.append(text: CellText.string(value) ?? "")
        } else {
          builder.append(value)
        }
      }
      return builder.finish()
    }
    return Batch(schema: Schema(fields), columns: built, rowCount: rows.count)
  }

  /// The columns of a dataset as a listing.
  ///
  /// - Parameter isShort: whether nested types are told in few words.
  public init(schema: Schema, origins: [String], isShort: Bool = false) {
    let hasOrigins = origins.contains { !$0.isEmpty }
    self.init(
      name: "schema", columns: [Column("column"), Column("type")] + (hasOrigins ? [Column("from")] : []),
      rows: schema.fields.enumerated().map { index, field in
        [.string(field.name), .string(isShort ? field.type.shortName : field.type.name)]
          + (hasOrigins ? [.string(origins.indices.contains(index) ? origins[index] : "")] : [])
      })
  }
}
