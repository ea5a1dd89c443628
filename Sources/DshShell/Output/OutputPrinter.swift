// Sends what statements give back to the right stream in the right form.

import DshColumns
import DshDiagnostics
import DshSession

/// How outputs are printed; may change between statements.
public struct PrinterSettings: Sendable {
  public var format: OutputFormat = .table
  public var report: ReportFormat = .text
  /// Terminal cells a line of standard output may take; nil for no limit.
  public var width: Int?
  public var colorsOutput = false
  public var colorsErrors = false
  public var showsTimes = false
  /// Whether the `_1 = …` lines are shown: in the interactive shell, with `--echo`, in golden files.
  public var showsDatasets = false

  public init() {}
}

/// Prints outputs and errors.
///
/// With the format `table` rows and receipts share standard output; with any other format standard output holds data alone, and
/// receipts, prose and news go to standard error. Errors always go to standard error.
public final class OutputPrinter {
  /// Appends rows in a machine format.
  public typealias RowWriter = (OutputFormat, Batch, MutableBuffer) -> Void

  public var settings: PrinterSettings
  public let output: TextStream
  public let errors: TextStream
  private let writeRows: RowWriter

  public init(settings: PrinterSettings, output: TextStream, errors: TextStream, writeRows: @escaping RowWriter) {
    self.settings = settings
    self.output = output
    self.errors = errors
    self.writeRows = writeRows
  }

  /// Prints one output.
  public func print(_ value: Output) {
    switch value {
    case .dataset:
      if settings.showsDatasets { printText(value, to: settings.format == .table ? output : errors) }
    case .receipt(let receipt):
      switch settings.report {
      case .none: break
      case .json: printError(line: receipt.json)
      case .text: printText(value, to: settings.format == .table ? output : errors)
      }
    case .notice: printText(value, to: errors)
    case .lines: printText(value, to: settings.format == .table ? output : errors)
    case .rows(let rows): printData(value, rows.rows)
    case .scalar(let name, let scalar):
      let column = Column.repeating(scalar, type: scalar.type, count: 1)
      printData(value, Batch(schema: Schema([Field(name, scalar.type)]), columns: [column], rowCount: 1))
    case .schema(let schema, let origins): printData(value, Listing(schema: schema, origins: origins).batch)
    case .listing(let listing): printData(value, listing.batch)
    }
  }

  /// Prints errors with the place in their source.
  public func print(_ diagnostics: [Diagnostic], in source: SourceText?) {
    for diagnostic in diagnostics {
      var text = diagnostic.rendered(in: source)
      if settings.colorsErrors, let colon = text.firstIndex(of: ":") {
        text = Style.red.applied(to: String(text[..<colon])) + text[colon...]
      }
      printError(line: text)
    }
  }

  /// Prints a line to standard error, after what standard output still holds.
  public func printError(line: String) {
    output.flush()
    errors.line(line)
    errors.flush()
  }

  /// Prints a statement as a transcript shows it, before its output.
  public func printEcho(_ statement: String) {
    for (index, line) in statement.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      output.line((index == 0 ? "dsh> " : "...> ") + line)
    }
  }

  /// Makes everything visible.
  public func flush() {
    output.flush()
    errors.flush()
  }

  private func printText(_ value: Output, to stream: TextStream) {
    if stream === errors { output.flush() }
    let isOutput = stream === output
    let render = RenderSettings(width: isOutput ? settings.width : nil, usesColor: isOutput ? settings.colorsOutput : settings.colorsErrors)
    OutputText(settings: render, withTimes: settings.showsTimes).append(value, to: stream.buffer) { stream.drain() }
    if stream === errors { errors.flush() }
  }

  private func printData(_ value: Output, _ rows: @autoclosure () -> Batch) {
    guard settings.format != .table else { return printText(value, to: output) }
    writeRows(settings.format, rows(), output.buffer)
    output.drain()
  }
}
