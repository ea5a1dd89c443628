// Lines or points between two axes.

enum PlotPicture {
  private static let width = 640.0
  private static let height = 340.0
  private static let (left, right, top, bottom) = (70.0, 16.0, 34.0, 40.0)
  /// More points than this many, of all series together, are not told apart, and make a page slow.
  private static let pointLimit = 20_000
  private static let nameLimit = 24
  private static let legendLimit = 12

  static func svg(_ plot: Plot) -> String {
    guard let x = plot.x, let y = plot.y else {
      var canvas = Canvas(title: "no points", width: width, height: 40)
      canvas.text("no points", x: 8, y: 24, isDim: true)
      return canvas.svg
    }
    var canvas = Canvas(title: "\(y.name) by \(x.name)", width: width, height: height)
    func across(_ number: Double) -> Double { left + x.share(of: number) * (width - left - right) }
    func up(_ number: Double) -> Double { height - bottom - y.share(of: number) * (height - top - bottom) }
    canvas.line(left, height - bottom, width - right, height - bottom)
    canvas.line(left, top, left, height - bottom)
    for tick in x.ticks {
      canvas.line(across(tick.place), height - bottom, across(tick.place), height - bottom + 4)
      canvas.text(shortened(tick.label, to: nameLimit), x: across(tick.place), y: height - bottom + 17, .middle, isDim: true)
    }
    for tick in y.ticks {
      canvas.line(left, up(tick.place), width - right, up(tick.place), opacity: 0.12)
      canvas.text(shortened(tick.label, to: nameLimit), x: left - 6, y: up(tick.place) + 4, .end, isDim: true)
    }
    canvas.text(shortened(x.name, to: nameLimit), x: width - right, y: height - 6, .end)
    canvas.text(shortened(y.name, to: nameLimit), x: 8, y: 16)
    var legend = left + Double(min(y.name.count, nameLimit)) * Canvas.characterWidth
    for (index, series) in plot.series.enumerated() {
      let color = Canvas.colors[index % Canvas.colors.count]
      let limit = max(1, pointLimit / plot.series.count)
      let step = max(1, (series.points.count + limit - 1) / limit)
      let points = stride(from: 0, to: series.points.count, by: step).map { series.points[$0] }.map { (x: across($0.x), y: up($0.y)) }
      switch plot.kind {
      case .line where points.count > 1: canvas.path(points, color: color)
      case .line, .scatter: for point in points { canvas.circle(x: point.x, y: point.y, radius: 2.5, color: color) }
      }
      guard !series.name.isEmpty, index < legendLimit else { continue }
      let name = shortened(series.name, to: nameLimit)
      canvas.rectangle(x: legend, y: 8, width: 10, height: 10, color: color)
      canvas.text(name, x: legend + 14, y: 17)
      legend += 24 + Double(name.count) * Canvas.characterWidth
    }
    return canvas.svg
  }
}
