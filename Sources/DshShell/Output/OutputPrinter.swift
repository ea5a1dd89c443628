// Sends what statements give back to the right stream in the right form.

import DshColumns
import DshDiagnostics
import DshSession
import DshSystem
import DshRender

/// How outputs are printed; may change between statements.
public struct PrinterSettings: Sendable {
  public var format: OutputFormat = .table
  public var report: ReportFormat = .text
  /// Terminal cells a line of standard output may take; nil for no limit.
  public var width: Int?
  /// The most rows a table shows; nil for all.
  public var rowLimit: Int?
  /// Significant digits of fractions in tables; nil for what is usual.
  public var digits: Int?
  /// Whether standard output is a terminal, which would obey control characters among the data.
  public var isTerminal = false
  public var colorsOutput = false
  public var colorsErrors = false
  public var drawing = Drawing.unicode
  /// Whether long receipts are broken at blanks, and large numbers get words beside them: for a person at a terminal.
  public var isInteractive = false
  public var showsTimes = false
  /// Whether the `_1 = …` lines are shown: in the interactive shell, with `--echo`, in golden files.
  public var showsDatasets = false

  public init() {}

  /// Takes over what `set` may have changed.
  ///
  /// - Parameter columns: the width that tables have unless a setting says otherwise; nil for no limit.
  public mutating func follow(_ session: Settings, columns: Int?) {
    width = session.width == 0 ? nil : session.width ?? columns
    rowLimit = session.rows
    digits = session.digits
    format = session.format
    report = session.report
    drawing = session.unicode ?? usesUnicode(environment: environmentVariable) ? .unicode : .ascii
  }
}

/// Prints outputs and errors.
///
/// With the format `table` rows and receipts share standard output; with any other format standard output holds data alone, and
/// receipts, prose and news go to standard error. Errors always go to standard error.
public final class OutputPrinter {
  public var settings: PrinterSettings
  public let output: TextStream
  public let errors: TextStream
  /// Shows results that are larger than the terminal; nil where nobody looks.
  var pager: Pager?

  public init(settings: PrinterSettings, output: TextStream, errors: TextStream) {
    self.settings = settings
    self.output = output
    self.errors = errors
  }

  /// Prints one output.
  public func print(_ value: Output) { print(value, Presentation(format: settings.format)) }

  private func print(_ value: Output, _ presentation: Presentation) {
    let format = presentation.format ?? settings.format
    let prose = format == .table ? output : errors
    switch value {
    case .presented(let inner, let own):
      print(inner, Presentation(format: own.format ?? format, isFull: own.isFull || presentation.isFull))
    case .dataset:
      if settings.showsDatasets { printText(value, to: prose) }
    case .receipt(let receipt):
      switch settings.report {
      case .none: break
      case .json: printError(line: receipt.json)
      case .text: printText(value, to: prose)
      }
    case .notice: printText(value, to: errors)
    case .lines: paged { printText(value, to: prose) }
    // The lines of a Mermaid text may be broken by the terminal: it is there to be copied.
    case .diagram(_, let format): paged(isTable: format == .text) { printText(value, to: prose) }
    case .text(let piece): print(piece)
    case .rows, .scalar, .schema, .listing, .blockMap, .bars, .plot: printData(value, presentation)
    }
  }

  /// Prints errors with the place in their source.
  public func print(_ diagnostics: [Diagnostic], in source: SourceText?) {
    for diagnostic in diagnostics {
      // Cells, names and paths of anybody stand in errors.
      var text = diagnostic.rendered(in: source, width: settings.isInteractive ? settings.width : nil)
        .split(separator: "\n", omittingEmptySubsequences: false).map { escapingControls(String($0)) }.joined(separator: "\n")
      if settings.colorsErrors, let colon = text.firstIndex(of: ":") {
        text = Style.red.applied(to: String(text[..<colon])) + text[colon...]
      }
      guard settings.isInteractive, let width = settings.width else {
        printError(line: text)
        continue
      }
      // Prose is broken at blanks; the excerpt of the source stays as it is.
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        let isProse = !line.contains(" | ") && !line.hasPrefix(" --> ")
        printError(line: isProse ? wrappedLines(String(line), width: width, indent: 2).joined(separator: "\n") : String(line))
      }
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

  private func render(_ isOutput: Bool) -> RenderSettings {
    RenderSettings(
      width: isOutput || settings.isInteractive ? settings.width : nil, usesColor: isOutput ? settings.colorsOutput : settings.colorsErrors,
      drawing: settings.drawing, rowLimit: settings.rowLimit, digits: settings.digits)
  }

  private func printText(_ value: Output, to stream: TextStream) {
    if stream === errors { output.flush() }
    let text = OutputText(settings: render(stream === output), withTimes: settings.showsTimes, isInteractive: settings.isInteractive)
    text.append(value, to: stream.buffer) { stream.drain() }
    if stream === errors { errors.flush() }
  }

  private func printData(_ value: Output, _ presentation: Presentation) {
    let format = presentation.format ?? settings.format
    // Records and machine formats have long cells in long lines.
    let isTable: Bool
    if format == .table, case .rows = value { isTable = true } else { isTable = false }
    paged(isTable: isTable) {
      switch format {
      case .table: printText(.presented(value, presentation), to: output)
      case .line where settings.isInteractive:
        var own = render(true)
        own.width = own.width ?? pager?.columns
        guard let rows = value.batch else { return }
        RecordRenderer(rows, settings: own).render(to: output.buffer) { output.drain() }
      default:
        guard let rows = value.batch else { return output.drain() }
        let text = MutableBuffer(capacity: 1 << 10)
        format.append(rows, to: text)
        printRaw(UnsafeRawBufferPointer(start: text.start, count: text.byteCount))
      }
    }
  }

  /// Whether somebody reads what is printed: the output is no closed pipe, its printing was not interrupted, and the pager was not left.
  public var isWanted: Bool { output.isWanted && pager?.wasLeft != true }

  private func print(_ piece: TextPiece) {
    switch piece {
    case .start: beginPaging(isTable: false)
    case .bytes(let bytes): bytes.withUnsafeBytes { printRaw($0) }
    case .end: endPaging()
    }
  }

  /// Prints data as it is, but for what a terminal would obey.
  private func printRaw(_ bytes: UnsafeRawBufferPointer) {
    if settings.isTerminal, let harmless = harmlessOnTerminal(bytes) {
      harmless.withUnsafeBytes { output.bytes($0) }
    } else {
      output.bytes(bytes)
    }
  }

  /// Prints through the pager, which steps in if there is one and the text is too large for the terminal.
  private func paged(isTable: Bool = false, _ body: () -> Void) {
    beginPaging(isTable: isTable)
    body()
    endPaging()
  }

  private func beginPaging(isTable: Bool) {
    guard let pager else { return }
    output.flush()
    pager.begin(isTable: isTable)
    output.redirection = pager.take
  }

  private func endPaging() {
    if let pager {
      output.flush()
      output.redirection = nil
      pager.end().withUnsafeBytes { output.bytes($0) }
      output.flush()
    }
    output.endResult()
  }
}
