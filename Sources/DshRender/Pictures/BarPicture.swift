// Numbers as bars beside their names.

import DshColumns

enum BarPicture {
  private static let rowHeight = 20.0
  private static let barWidth = 360.0
  private static let margin = 8.0
  /// More bars compare no better.
  private static let barLimit = 500
  private static let labelLimit = 30

  static func svg(_ bars: Bars, settings: RenderSettings) -> String {
    let texts = BarRenderer(bars, settings: settings)
    let count = min(bars.rows.rowCount, barLimit)
    let columns = bars.rows.columns.indices.map { texts.texts(of: $0).prefix(count + 1).map { shortened($0, to: labelLimit) } }
    let widths = columns.map { $0.reduce(0.0) { max($0, Double($1.count) * Canvas.characterWidth) } + 12 }
    let numbers = (0..<count).map { texts.number(at: $0) }
    let (most, least) = (numbers.reduce(0.0) { max($0, $1) }, numbers.reduce(0.0) { min($0, $1) })
    let left = margin + widths.reduce(0, +)
    // Halves, so that the distance of two numbers is one too.
    let span = most / 2 - least / 2
    func place(_ number: Double) -> Double { span > 0 ? left + (number / 2 - least / 2) / span * barWidth : left }
    let isCut = bars.moreFollow || count < bars.rows.rowCount
    var canvas = Canvas(
      title: bars.rows.schema.names.joined(separator: ", "), width: left + barWidth + margin,
      height: margin * 2 + rowHeight * Double(count + 1 + (isCut ? 1 : 0)))
    for line in 0...count {
      let y = margin + rowHeight * Double(line) + 14
      var x = margin
      for (column, texts) in columns.enumerated() where texts.indices.contains(line) {
        let isRight = bars.rows.schema[column].type.isNumeric
        canvas.text(texts[line], x: isRight ? x + widths[column] - 12 : x, y: y, isRight ? .end : .start, isDim: line == 0)
        x += widths[column]
      }
      guard line > 0 else { continue }
      let (from, to) = (min(place(0), place(numbers[line - 1])), max(place(0), place(numbers[line - 1])))
      canvas.rectangle(x: from, y: y - 12, width: to - from, height: rowHeight - 5, color: Canvas.colors[0])
    }
    canvas.line(place(0), margin + rowHeight, place(0), margin + rowHeight * Double(count + 1))
    if isCut { canvas.text("… more follow", x: margin, y: margin + rowHeight * Double(count + 1) + 14, isDim: true) }
    return canvas.svg
  }
}
