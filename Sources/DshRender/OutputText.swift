// Everything a statement can give back, as the text of the `table` format.

import DshColumns
import DshDiagnostics

/// The `table` format: what a person reads on a terminal, in a pipe or in a golden file.
public struct OutputText {
  public var settings: RenderSettings
  /// Whether receipts tell their time.
  public var withTimes: Bool
  /// Whether a person looks: long lines of prose are broken at blanks, large numbers are put in words as well.
  public var isInteractive: Bool

  public init(settings: RenderSettings, withTimes: Bool = false, isInteractive: Bool = false) {
    self.settings = settings
    self.withTimes = withTimes
    self.isInteractive = isInteractive
  }

  /// Appends one output; `flush` is called between the lines of long tables.
  public func append(_ output: Output, to buffer: MutableBuffer, flush: () -> Void = {}) {
    if case .rows(let rows) = output {
      return RowsRenderer(rows, settings: settings).render(to: buffer, flush: flush)
    }
    if case .presented(let inner, let presentation) = output {
      var inFull = self
      if presentation.isFull {
        inFull.settings.width = nil
        inFull.settings.rowLimit = nil
        inFull.settings.digits = 17
      }
      if let format = presentation.format, format != .table, let rows = inner.batch {
        return format.append(rows, to: buffer)
      }
      return inFull.append(inner, to: buffer, flush: flush)
    }
    for line in wrapped(lines(of: output), output) {
      CellText.append(line, to: buffer)
      CellText.append("\n", to: buffer)
    }
  }

  /// Prose is broken at blanks for a person; drawings and tables stay as they are.
  private func wrapped(_ lines: [String], _ output: Output) -> [String] {
    guard isInteractive, let width = settings.width else { return lines }
    switch output {
    case .lines:
      return lines.flatMap { wrappedEntry($0, width: width) }
    case .dataset, .receipt, .notice:
      return lines.flatMap { line in
        // Colour stands around whole lines of these; it is put around the pieces.
        guard line.hasPrefix("\u{1B}["), line.hasSuffix("\u{1B}[0m"), let start = line.firstIndex(of: "m") else {
          return wrappedLines(line, width: width, indent: 2)
        }
        let style = line[...start]
        let text = String(line[line.index(after: start)...].dropLast(4))
        if text.contains("\u{1B}") { return [line] }
        return wrappedLines(text, width: width, indent: 2).map { style + $0 + "\u{1B}[0m" }
      }
    default: return lines
    }
  }

  /// The lines of anything but rows.
  private func lines(of output: Output) -> [String] {
    switch output {
    case .rows, .text, .presented: []
    case .diagram(let diagram, .mermaid): MermaidDiagram.lines(diagram)
    case .diagram(let diagram, .text): TextDiagram(diagram, settings: settings).lines()
    case .blockMap(let map): BlockMapRenderer(map, settings: settings).lines()
    case .bars(let bars): BarRenderer(bars, settings: settings).lines()
    case .plot(let plot): PlotRenderer(plot, settings: settings).lines()
    case .dataset(let number, let name, let sentence):
      [
        Style.dim.applied(to: name.map { "\($0) (_\(number))" } ?? "_\(number)", if: settings.usesColor) + " = "
          + escapingControls(sentence)
      ]
    case .scalar(_, let value): [escapingControls(CellText.string(value) ?? "null") + (isInteractive ? inWords(value) : "")]
    case .schema(let schema, let origins):
      self.lines(of: Listing(schema: schema, origins: origins, isShort: true))
    case .listing(let listing): self.lines(of: listing)
    case .lines(let lines): lines.map(escapingControls)
    case .receipt(let receipt):
      receipt.textLines(withTime: withTimes).map { Style.dim.applied(to: escapingControls($0), if: settings.usesColor) }
    case .notice(let text): [Style.yellow.applied(to: escapingControls(text), if: settings.usesColor)]
    }
  }

  private func lines(of listing: Listing) -> [String] {
    ListingRenderer(listing, settings: settings, foldingWidth: isInteractive ? settings.width : nil).lines()
  }

  /// ` (1.23 billion)` behind a number that is hard to take in.
  private func inWords(_ value: Value) -> String {
    let number: Double
    switch value {
    case .int64(let whole): number = Double(whole)
    case .float64(let fraction): number = fraction
    default: return ""
    }
    let size = abs(number)
    guard size >= 1e6, size < 1e18 else { return "" }
    let units = [(1e6, "million"), (1e9, "billion"), (1e12, "trillion"), (1e15, "quadrillion")]
    // 999,999,999 is 1.00 billion, not 1000.00 million.
    let (unit, name) = units.last { size >= $0.0 * 0.999_995 } ?? units[0]
    let hundredths = Int((number / unit * 100).rounded())
    let text = "\(hundredths / 100).\(abs(hundredths % 100) < 10 ? "0" : "")\(abs(hundredths % 100))"
    return Style.dim.applied(to: " (\(text) \(name))", if: settings.usesColor)
  }
}

extension Output {
  /// What a machine format prints of it; nil for prose and drawings.
  public var batch: Batch? {
    switch self {
    case .rows(let rows): rows.rows
    case .scalar(let name, let value):
      Batch(
        schema: Schema([Field(name, value.type)]), columns: [Column.repeating(value, type: value.type, count: 1)], rowCount: 1)
    case .schema(let schema, let origins): Listing(schema: schema, origins: origins).batch
    case .listing(let listing): listing.batch
    case .blockMap(let map): map.listing.batch
    case .bars(let bars): bars.rows
    case .plot(let plot): plot.rows
    case .presented(let output, _): output.batch
    case .text, .dataset, .receipt, .lines, .notice, .diagram: nil
    }
  }
}
