// The interactive loop: reads a statement, runs it, prints what it says, until the person is done.

import CEditline
import DshDiagnostics
import DshLanguage
import DshSession
import DshSystem
import DshRender

/// How the interactive shell is set up.
public struct ShellOptions: Sendable {
  /// The first line; nil with `--quiet`.
  public var greeting: String?
  /// Where statements are kept; nil for nowhere.
  public var historyFile: HistoryFile?
  /// Whether no program may be started that could read or write other files: no editor, and only a pager that does nothing but show.
  public var isSafe = false

  public init() {}
}

/// An interactive shell over a session.
public final class Shell: EditorHost {
  private let session: any ShellSession
  private let printer: OutputPrinter
  private let options: ShellOptions
  /// Raised by Ctrl-C while a statement runs, and by a change of the window while one is typed.
  private let signals: EventDescriptor
  private let progress: ProgressLine
  private let pagerProgram: PagerProgram?
  private var editor: (any LineEditor)?
  /// The statements of this session, for `history`: the last ones, as many as a file of them is read of.
  public private(set) var typed: [TypedStatement] = []
  /// Statements of earlier sessions and of this one.
  public var everTyped: [String] { options.historyFile?.load() ?? typed.map(\.text) }

  public init(session: any ShellSession, printer: OutputPrinter, options: ShellOptions) throws(Diagnostic) {
    self.session = session
    self.printer = printer
    self.options = options
    pagerProgram =
      options.isSafe
      ? PagerProgram.secure(environment: environmentVariable) : PagerProgram.asked(environment: environmentVariable, exists: fileExists)
    signals = try EventDescriptor()
    progress = ProgressLine(stream: printer.output) { isTerminal(1) ? terminalSize(1)?.columns ?? 80 : nil }
  }

  /// Runs until the end of the input or `quit`; the exit code.
  public func run() -> Int32 {
    dsh_terminal_guard()
    Signal.brokenPipe.ignore()
    Signal.interrupt.watch(with: signals)
    let earlier = options.historyFile?.load() ?? []
    let editor: any LineEditor =
      LibeditLineEditor(host: self, history: earlier, usesColor: printer.settings.colorsOutput, windowChange: signals)
      ?? PlainLineEditor(host: self, interrupt: signals, showsPrompts: isTerminal(0) && isTerminal(1))
    self.editor = editor
    defer { self.editor = nil }
    if let missing = PagerProgram.missing(environment: environmentVariable, exists: fileExists), isTerminal(1) {
      printer.printError(
        line: "\(missing.variable) names \(missing.program), which is not there; \(pagerProgram?.command ?? "no pager") is used")
    }
    if let greeting = options.greeting {
      for line in wrappedLines(greeting, width: terminalSize(1)?.columns ?? .max) { printer.output.line(line) }
    }
    while true {
      printer.flush()
      if let failure = printer.output.failure { return exitCode(after: failure) }
      switch editor.readStatement() {
      case .endOfInput: return 0
      case .failed(let error):
        printer.printError(line: error.rendered(in: nil))
        return error.category.exitCode
      case .cancelled: offeredStatement = nil
      case .statement(let text):
        if text.allSatisfy(\.isWhitespace) { continue }
        remember(text, editor)
        if run(text) == .quit { return 0 }
      }
    }
  }

  /// The exit code when nobody reads the output: that of a process ended by SIGPIPE.
  static let brokenOutput: Int32 = 141

  private func exitCode(after failure: StreamFailure) -> Int32 {
    guard case .refused(let diagnostic) = failure else { return Self.brokenOutput }
    printer.printError(line: diagnostic.rendered(in: nil))
    return diagnostic.category.exitCode
  }

  private func remember(_ text: String, _ editor: any LineEditor) {
    editor.remember(text)
    typed.append(TypedStatement(text))
    // A few at once, as those behind them move up.
    if typed.count > HistoryFile.loadLimit + HistoryFile.loadLimit / 10 { typed.removeFirst(typed.count - HistoryFile.loadLimit) }
    guard let file = options.historyFile, session.settings.history else { return }
    do throws(Diagnostic) { try file.append(text) } catch {
      if !historyHasFailed { printer.printError(line: "the history is not kept: \(error.message)") }
      historyHasFailed = true
    }
  }

  private var historyHasFailed = false

  /// The statement before, mended as its error suggests.
  public private(set) var offeredStatement: String?

  /// Runs one statement with Ctrl-C cancelling it.
  private func run(_ text: String) -> ShellRunOutcome {
    refreshSettings()
    signals.take()
    session.cancellation = signals.number
    let start = monotonicNanoseconds()
    offeredStatement = nil
    printer.output.isInterrupted = { [signals] in signals.isRaised }
    session.progress = { [progress] in progress.update($0) }
    session.news = { [progress, printer] in
      progress.erase()
      printer.print(.notice($0))
      printer.flush()
    }
    // What is typed ahead is for the next prompt; shown now, it would run into the output. Programs at the terminal need the echo.
    dsh_terminal_set_echo(0)
    session.lendTerminal = { dsh_terminal_set_echo($0 ? 1 : 0) }
    defer {
      session.lendTerminal = nil
      dsh_terminal_set_echo(1)
      progress.erase()
      printer.output.isInterrupted = nil
      session.cancellation = nil
      session.progress = nil
      session.news = nil
      signals.take()
      printer.flush()
    }
    return session.run(SourceText(name: "dsh", text: text)) { statement in
      progress.erase()
      printer.printEcho(statement)
    } emit: { output in
      progress.erase()
      printer.print(output)
    } onFailure: { diagnostics, source in
      progress.erase()
      if !typed.isEmpty { typed[typed.count - 1].hasFailed = true }
      if let cancelled = diagnostics.first(where: { $0.category == .cancelled }) {
        let after = "cancelled after \(secondsText(Double(monotonicNanoseconds() - start) / 1e9))"
        let text = after + cancelled.message.dropFirst("cancelled".count)
        for line in wrappedLines(text, width: printer.settings.width ?? .max, indent: 2) { printer.printError(line: line) }
      } else {
        printer.print(diagnostics, in: source)
        if source?.text == text { offeredStatement = session.mended(text, by: diagnostics) }
      }
    }
  }

  /// Takes over what `set` may have changed, and the terminal's width as it is now.
  private func refreshSettings() {
    let isTerminal = isTerminal(1)
    let settings = session.settings
    printer.settings.follow(settings, columns: isTerminal ? terminalSize(1)?.columns ?? 80 : nil)
    progress.drawing = printer.settings.drawing
    printer.settings.showsTimes = settings.timing && isTerminal
    printer.settings.showsDatasets = true
    printer.settings.isInteractive = isTerminal
    let program = isTerminal && DshSystem.isTerminal(0) && settings.pager ? pagerProgram : nil
    printer.pager = program.map { Pager($0) { [weak self] in self?.keepTyped() } }
    session.screenRows = isTerminal ? terminalSize(1)?.rows : nil
  }

  /// Takes what was typed ahead for the next prompt, before a pager takes it for keys of its own.
  private func keepTyped() {
    let typed = [UInt8](unsafeUninitializedCapacity: Self.typedLimitBytes) { buffer, count in
      // The buffer has room for so many characters, which have no initial state of their own.
      count = buffer.withMemoryRebound(to: CChar.self) { dsh_terminal_take_typed($0.baseAddress, $0.count) }
    }
    editor?.feed(typed)
  }

  /// A terminal keeps no more than this of what nobody reads (`n_tty`'s buffer).
  private static let typedLimitBytes = 4096

  // MARK: What the editor asks

  public func completeness(of text: String) -> Completeness { DshLanguage.completeness(of: text) }

  public func complete(_ text: String, at offset: Int) -> CompletionList { session.complete(text, at: offset) }

  public func highlight(_ text: String, cursor: Int) -> [HighlightedSpan] { session.highlight(text, cursor: cursor) }

  public func fits(_ statement: String) -> Bool { session.fits(statement) }

  public func lookAhead(_ text: String) -> Bool { session.lookAhead(text) }

  public var startsPrograms: Bool { !options.isSafe }

  public var editMode: EditMode? { session.settings.edit }

  public var suggestsHistory: Bool { session.settings.suggestions }

  public var eventDescriptors: [Int32] { session.newsDescriptors }

  public func handleEvents() {
    for text in session.takeNews() { printer.print(.notice(text)) }
    printer.flush()
  }
}
