// Draws points and lines between two axes, in dots where the terminal has them and one series is to be seen, and in marks elsewhere.

import DshColumns
import DshDiagnostics

/// The lines of `plot`.
struct PlotRenderer {
  private let plot: Plot
  private let settings: RenderSettings

  private static let rows = 16
  private static let defaultWidth = 80
  private static let mostColumns = 100
  private static let fewestColumns = 8
  /// A text that names something is cut beyond this.
  private static let labelWidth = 20
  /// For each series where no colour tells them apart: a mark.
  private static let marks = ["*", "+", "o", "x", "#", "@", "%", "&"]
  private static let colors: [Style] = [.blue, .yellow, .green, .magenta, .cyan, .red, .bold, .dim]

  init(_ plot: Plot, settings: RenderSettings) {
    self.plot = plot
    self.settings = settings
  }

  func lines() -> [String] {
    guard let x = plot.x, let y = plot.y else { return ["no points"] }
    let labels = rowLabels(y)
    let margin = labels.values.reduce(0) { max($0, displayWidth($1)) }
    let columns = max(Self.fewestColumns, min(Self.mostColumns, (settings.width ?? Self.defaultWidth) - margin - 2))
    let picture = cells(x, y, columns: columns)
    let drawing = settings.drawing
    var lines = title(x, y, width: margin + 2 + columns)
    for row in 0..<Self.rows {
      let label = labels[row]
      let axis = padded(label ?? "", to: margin, right: true) + " " + (label == nil ? drawing.vertical.text : drawing.middle[2].text)
      lines.append(trimmed(axis + picture[row]))
    }
    return lines + below(x, margin: margin, columns: columns)
  }

  /// What stands over what, and how to tell the series apart.
  private func title(_ x: Plot.Axis, _ y: Plot.Axis, width: Int) -> [String] {
    let axes = "\(name(y.name)) by \(name(x.name))"
    var lines = [Style.dim.applied(to: axes, if: settings.usesColor)]
    var used = displayWidth(axes)
    for (index, series) in plot.series.enumerated() where plot.series.count > 1 || !series.name.isEmpty {
      let mark = usesDots ? DotGrid.braille(0x12) : Self.marks[index % Self.marks.count]
      let name = name(series.name)
      let entry = "\(colored(mark, index)) \(name)"
      let wanted = 2 + displayWidth(name)
      if used + 2 + wanted > width {
        lines.append(entry)
        used = wanted
      } else {
        lines[lines.count - 1] += "  " + entry
        used += 2 + wanted
      }
    }
    return lines
  }

  private func name(_ text: String) -> String { cut(escapingControls(text), to: Self.labelWidth) }

  /// Dots of several series look alike without colours.
  private var usesDots: Bool { settings.drawing == .unicode && (plot.series.count < 2 || settings.usesColor) }

  private func colored(_ text: String, _ series: Int) -> String {
    Self.colors[series % Self.colors.count].applied(to: text, if: settings.usesColor)
  }

  /// The marks of the vertical axis by the row they stand in.
  private func rowLabels(_ y: Plot.Axis) -> [Int: String] {
    var labels: [Int: String] = [:]
    for tick in y.ticks {
      let row = Self.place(y.share(of: tick.place), among: Self.rows, upwards: true)
      if labels[row] == nil { labels[row] = tick.label }
    }
    return labels
  }

  /// The number of a share of some places.
  private static func place(_ share: Double, among count: Int, upwards: Bool = false) -> Int {
    let place = min(count - 1, Int(share * Double(count)))
    return upwards ? count - 1 - place : place
  }

  /// The rows of the picture.
  private func cells(_ x: Plot.Axis, _ y: Plot.Axis, columns: Int) -> [String] {
    let grids = plot.series.map { series -> DotGrid in
      var grid = DotGrid(columns: columns, rows: Self.rows, cell: usesDots ? .braille : .single)
      let dots = series.points.map {
        (x: Self.place(x.share(of: $0.x), among: grid.width), y: Self.place(y.share(of: $0.y), among: grid.height, upwards: true))
      }
      if plot.kind == .line, dots.count > 1 {
        for (start, end) in zip(dots, dots.dropFirst()) { grid.line(from: start, to: end) }
      } else {
        for dot in dots { grid.set(dot.x, dot.y) }
      }
      return grid
    }
    return (0..<Self.rows).map { row in
      (0..<columns).map { column in
        let cell = row * columns + column
        // The last series lies on top.
        guard let top = grids.lastIndex(where: { $0.bits[cell] != 0 }) else { return " " }
        let text = usesDots ? DotGrid.braille(grids.reduce(0) { $0 | $1.bits[cell] }) : Self.marks[top % Self.marks.count]
        return colored(text, top)
      }.joined()
    }
  }

  /// The horizontal axis with its labels, as many as have room.
  private func below(_ x: Plot.Axis, margin: Int, columns: Int) -> [String] {
    let drawing = settings.drawing
    var axis = [String](repeating: drawing.horizontal.text, count: columns)
    var labels = ""
    for tick in x.ticks {
      let column = Self.place(x.share(of: tick.place), among: columns)
      let width = displayWidth(tick.label)
      let start = max(0, min(columns - width, column - width / 2))
      guard labels.isEmpty || start > displayWidth(labels), width <= columns else { continue }
      axis[column] = drawing.top[1].text
      labels = padded(labels, to: start, right: false) + tick.label
    }
    let indent = String(repeating: " ", count: margin + 1)
    return [indent + drawing.bottom[0].text + axis.joined(), indent + " " + labels]
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}
