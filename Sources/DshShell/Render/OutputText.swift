// Everything a statement can give back, as the text of the `table` format.

import DshColumns
import DshDiagnostics
import DshSession

/// The `table` format: what a person reads on a terminal, in a pipe or in a golden file.
public struct OutputText {
  public var settings: RenderSettings
  /// Whether receipts tell their time.
  public var withTimes: Bool

  public init(settings: RenderSettings, withTimes: Bool = false) {
    self.settings = settings
    self.withTimes = withTimes
  }

  /// Appends one output; `flush` is called between the lines of long tables.
  public func append(_ output: Output, to buffer: MutableBuffer, flush: () -> Void = {}) {
    if case .rows(let rows) = output {
      return RowsRenderer(rows, settings: settings).render(to: buffer, flush: flush)
    }
    for line in lines(of: output) {
      CellText.append(line, to: buffer)
      CellText.append("\n", to: buffer)
    }
  }

  /// The lines of anything but rows.
  private func lines(of output: Output) -> [String] {
    switch output {
    case .rows: []
    case .dataset(let number, let name, let sentence):
      [
        Style.dim.applied(to: name.map { "\($0) (_\(number))" } ?? "_\(number)", if: settings.usesColor) + " = "
          + escapingControls(sentence)
      ]
    case .scalar(_, let value): [escapingControls(CellText.string(value) ?? "null")]
    case .schema(let schema, let origins):
      ListingRenderer(Listing(schema: schema, origins: origins), settings: settings).lines()
    case .listing(let listing): ListingRenderer(listing, settings: settings).lines()
    case .lines(let lines): lines.map(escapingControls)
    case .receipt(let receipt):
      receipt.textLines(withTime: withTimes).map { Style.dim.applied(to: escapingControls($0), if: settings.usesColor) }
    case .notice(let text): [Style.yellow.applied(to: escapingControls(text), if: settings.usesColor)]
    }
  }
}
