// Draws numbers as bars behind them, those below zero to the left of the others.

import DshColumns
import DshDiagnostics

/// The lines of `bar` and `hist`.
struct BarRenderer {
  private let bars: Bars
  private let settings: RenderSettings

  /// A text that names a bar is cut beyond this.
  private static let labelWidth = 40
  /// Longer bars compare no better.
  private static let mostCells = 60
  private static let fewestCells = 8
  private static let defaultWidth = 100

  init(_ bars: Bars, settings: RenderSettings) {
    self.bars = bars
    self.settings = settings
  }

  func lines() -> [String] {
    let rows = bars.rows
    let columns = rows.columns.indices.map { texts(of: $0) }
    let widths = columns.map { $0.reduce(0) { max($0, displayWidth($1)) } }
    let numbers = (0..<rows.rowCount).map { number(at: $0) }
    let most = numbers.reduce(0.0) { max($0, $1) }
    let least = numbers.reduce(0.0) { min($0, $1) }
    let used = widths.reduce(0) { $0 + $1 + 2 }
    let cells = max(Self.fewestCells, min(Self.mostCells, (settings.width ?? Self.defaultWidth) - used))
    // Halves, so that the distance of two numbers is one too.
    let span = most / 2 - least / 2
    let below = span > 0 ? Int((-least / 2 / span * Double(cells)).rounded(.up)) : 0
    var lines = (0...rows.rowCount).map { line -> String in
      let labels = columns.indices.map { padded(columns[$0][line], to: widths[$0], right: isNumber($0)) }.joined(separator: "  ")
      if line == 0 { return Style.dim.applied(to: trimmed(labels), if: settings.usesColor) }
      return trimmed(labels + "  " + bar(numbers[line - 1], least, most, below: below, cells: cells))
    }
    if bars.moreFollow { lines.append(Style.dim.applied(to: "\(settings.drawing.ellipsis.text) more follow", if: settings.usesColor)) }
    return lines
  }

  /// The name of a column, and its cells.
  func texts(of column: Int) -> [String] {
    let values = bars.rows.columns[column]
    let digits = FloatDigits(significant: settings.digits ?? FloatDigits.automatic)
    return [escapingControls(bars.rows.schema[column].name)]
      + (0..<bars.rows.rowCount).map { row in
        let value = values.value(at: row)
        let text = CellText.string(value) ?? "null"
        if case .float64 = value, let short = digits.shortened(Array(text.utf8)) { return String(decoding: short, as: UTF8.self) }
        return cut(escapingControls(text), to: Self.labelWidth)
      }
  }

  private func isNumber(_ column: Int) -> Bool { bars.rows.schema[column].type.isNumeric }

  /// What a bar is as long as; nothing for what is no finite number.
  func number(at row: Int) -> Double {
    switch bars.rows.columns.last?.value(at: row) {
    case .int64(let number): Double(number)
    case .float64(let number) where number.isFinite: number
    default: 0
    }
  }

  private func bar(_ number: Double, _ least: Double, _ most: Double, below: Int, cells: Int) -> String {
    guard number < 0 else {
      let bar = most > 0 ? settings.drawing.bar(number / most, cells: cells - below) : ""
      return String(repeating: " ", count: below) + Style.blue.applied(to: bar, if: settings.usesColor && !bar.isEmpty)
    }
    // A cell can't be filled from the right.
    let filled = max(1, Int((number / least * Double(below)).rounded()))
    let bar = settings.drawing.bar(1, cells: filled)
    return String(repeating: " ", count: below - filled) + Style.blue.applied(to: bar, if: settings.usesColor)
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}
