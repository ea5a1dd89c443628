// The session: text in, result values out. It knows datasets, settings and a backend, and nothing of terminals.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan
import DshSystem
import DshRender

/// How a session is set up.
public struct SessionOptions: Sendable {
  /// No writes, no `!`, reads only under these folders (absolute); nil outside safe mode.
  public var safeRoots: [String]?
  /// Whether this process can be started again as the guard of a program, so that none outlives it, or of a folder that is being written.
  public var guardsPrograms = false
  /// Fixes placement, ids and everything else that could differ between runs.
  public var isDeterministic = false
  /// Whether `read -` may have standard input, as no statements come from there.
  public var readsStandardInput = false
  /// Whether statements typed by a person say what dataset they made.
  public var announcesDatasets = false
  public var scalars: [String: Value] = [:]
  /// Where datasets are kept beyond the shell; nil where there is no such place. Not looked at in safe mode.
  public var datasetDirectory: DatasetDirectory?
  /// The version of dsh, as kept datasets name it.
  public var version = ""
  /// Whether statements after a failed one still run; then a mistake in one is no reason not to begin with the others.
  public var keepsGoing = false

  public init() {}
}

/// How a run of statements ended.
public enum RunOutcome: Sendable, Equatable {
  case finished
  /// `quit` was met.
  case quit
}

/// Thrown instead of looking at files while a text is being typed.
struct UnexaminedFiles: Error {}

/// A session over a backend; used by one thread.
public final class Session {
  public let backend: any Backend
  public var options: SessionOptions
  /// What is told while plans run, and what cancels them.
  public var observer = RunObserver() {
    didSet { RemoteFileAccess.cancellation = observer.cancellation }
  }
  public var settings = Settings()
  var state = SessionState()
  /// What the last action did, for `diagram` and `stats`.
  var lastRun: LastRun?
  /// What the last statement that gave a result gave, for `last`.
  var lastOutputs: [Output] = []
  /// Makes what was emitted visible; called when a statement is over, and before another program writes to the same terminal or file.
  public var flushOutput: (() -> Void)?

  /// Runs another program at the terminal.
  func withTerminalLent<Result>(_ body: () throws(Diagnostic) -> Result) throws(Diagnostic) -> Result {
    flushOutput?()
    lendTerminal?(true)
    defer { lendTerminal?(false) }
    return try body()
  }

  /// Called before another program gets the terminal (true), and when it is back (false).
  public var lendTerminal: ((Bool) -> Void)?
  /// The lines of the terminal that results are looked at on; nil where there is none.
  public var screenRows: Int?
  /// Gives the statements typed so far; the shell sets it.
  public var history: (() -> TypedHistory)?
  /// Whether somebody still reads what is emitted; asked now and then while a long result is passed on.
  public var isOutputWanted: () -> Bool = { true }
  /// What was found out about files already, by what was typed; good as long as the files are the same.
  private var sampledFiles: [ExactText: OpenedFiles] = [:]
  /// The pipes and devices that were read.
  let streams = InputStreams()
  /// Whether what is bound is only being typed: files that nobody has asked for yet are left alone.
  var isTyping = false
  /// Whether a script is looked through before any of it runs.
  var isChecking = false
  /// What was bound while a text is typed; forgotten when a statement runs.
  var typedStages = TypedStages()
  /// How many samples of files were taken.
  var sampledFileCount: Int { sampledFiles.count }
  /// Kept datasets that were opened, by their names; good as long as the names lead to them.
  var openedKept: [String: KeptFile] = [:]
  /// Those of which it was told that their inputs have changed.
  var toldStale: Set<ToldFile> = []
  /// Whether what dead shells have left among the kept datasets was removed.
  var hasCleanedFolder = false
  /// How deep `source` files are nested.
  private var sourceDepth = 0

  /// `source` inside `source` beyond this is taken for a circle.
  static let sourceDepthLimit = 16
  /// A statement is run again so often because columns turned out wider; each round widens at least one column.
  static let wideningLimit = 400
  /// How often a statement begins anew because a file is not what it was: a file that is replaced now and then is read, one that is being written
  /// is not.
  static let changeLimit = 3
  /// So many samples are remembered: whoever reads more different files than that seldom comes back to one.
  static let sampledFilesLimit = 500
  /// The values of so many plans are remembered: more than a session looks at again.
  static let foundValuesLimit = 100

  public init(backend: any Backend, options: SessionOptions = SessionOptions()) {
    self.backend = backend
    self.options = options
    state.environment.scalars = options.scalars.mapValues { .value($0) }
    streams.readsStandardInput = options.readsStandardInput
    streams.cancellation = { [unowned self] in observer.cancellation }
  }

  // MARK: Running text

  /// Parses, binds and runs a text.
  ///
  /// Nothing runs if the text has a syntax error, or if a statement can be seen not to bind.
  ///
  /// - Parameters:
  ///   - echo: called with each statement's text before it runs.
  ///   - onFailure: called with each failure; returns whether to go on with the next statement.
  public func run(
    _ source: SourceText, emit: (Output) -> Void, echo: ((String) -> Void)? = nil, onFailure: (StatementFailure) -> Bool
  ) -> RunOutcome {
    typedStages.clear()
    state.keptNames = keptNames
    let parsed = parse(source, datasets: Set(state.names.keys).union(state.keptNames))
    if parsed.hasErrors {
      _ = onFailure(StatementFailure(parsed.diagnostics, source: source))
      return .finished
    }
    if parsed.script.statements.count > 1, !options.keepsGoing {
      let mistakes = check(parsed.script, source)
      if !mistakes.isEmpty, !onFailure(StatementFailure(mistakes, source: source)) { return .finished }
    }
    for statement in parsed.script.statements {
      echo?(text(of: statement.span, in: source))
      do {
        defer { flushOutput?() }
        if try run(statement, in: source, emit: emit) == .quit { return .quit }
      } catch {
        // What happened to nodes may be the reason.
        for notice in backend.takeNotices() { emit(.notice(notice)) }
        if !onFailure(failure(error, source)) { return .finished }
      }
    }
    return .finished
  }

  func text(of span: SourceSpan, in source: SourceText) -> String {
    String(decoding: source.text.utf8.dropFirst(span.start).prefix(span.end - span.start), as: UTF8.self)
  }

  /// Any error as a failure of a statement.
  func failure(_ error: any Error, _ source: SourceText?) -> StatementFailure {
    switch error {
    case let failure as StatementFailure: failure
    case let list as DiagnosticList: StatementFailure(list.diagnostics, source: source)
    case let diagnostic as Diagnostic: StatementFailure([diagnostic], source: source)
    case let wanted as WantedValues: StatementFailure([wanted.diagnostic], source: source)
    default: StatementFailure([Diagnostic(.unexpected, "unexpected: \(error)")], source: source)
    }
  }

  // MARK: Statements

  /// Opens what `read` names; files that were sampled before and have not changed are not sampled again.
  func open(_ request: ReadRequest, as text: String) throws -> OpenedFiles {
    let key = ExactText(request.paths.map(\.text).joined(separator: "\n") + "\n" + text + "\n" + request.workingDirectory)
    if isTyping {
      guard let known = sampledFiles[key] else { throw UnexaminedFiles() }
      return known
    }
    let found = try request.find(access, streams)
    if let known = sampledFiles[key], known.isUpToDate(with: found) { return known }
    let opened = try request.open(found, streams)
    if sampledFiles.count == Self.sampledFilesLimit { sampledFiles = [:] }
    sampledFiles[key] = opened
    return opened
  }

  /// Runs one statement and remembers its result for `last`.
  private func run(_ statement: Statement, in source: SourceText, emit: (Output) -> Void) throws -> RunOutcome {
    defer { state.forgetOldest() }
    state.environment.folder = currentDirectory()
    if !options.isDeterministic {
      let time = wallClock()
      state.environment.now = time.seconds * 1_000_000 + time.nanoseconds / 1000
    }
    var outputs: [Output] = []
    // What a command lists can be had again at any time; it would only take the place of a result that took work.
    if case .command = statement.kind { return try perform(statement, in: source, emit: emit) }
    defer { if !outputs.isEmpty { lastOutputs = outputs } }
    return try perform(statement, in: source) { output in
      if output.isResult { outputs.append(output.kept) }
      emit(output)
    }
  }

  private func perform(_ statement: Statement, in source: SourceText, emit: (Output) -> Void) throws -> RunOutcome {
    switch statement.kind {
    case .command(let command):
      return try run(command, emit: emit)
    case .letBinding(let name, .pipeline(let pipeline)): try bind(name, toValueOf: pipeline, in: source, emit: emit)
    case .letBinding, .definition: try define(statement, in: &state)
    case .pipeline(let name, let pipeline): try run(pipeline, name: name, in: source, emit: emit)
    case .expression(let expression): emit(.scalar(name: expression.printed, value: try value(of: expression)))
    }
    for notice in backend.takeNotices() { emit(.notice(notice)) }
    return .finished
  }

  /// Runs `source FILE`.
  func runFile(_ path: String, span: SourceSpan, emit: (Output) -> Void) throws -> RunOutcome {
    guard sourceDepth < Self.sourceDepthLimit else {
      throw Diagnostic(.sourceTooDeep, "files that source each other too deeply", span: span)
    }
    sourceDepth += 1
    defer { sourceDepth -= 1 }
    let bytes: [UInt8]
    do throws(Diagnostic) {
      let file = try access.resolve(absolutePath(path, from: currentDirectory()))
      if ownDescriptor(of: file) == 0 { try streams.takeForStatements() }
      bytes = try readWholeFile(file)
    } catch { throw error.at(span) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostic(.notUTF8, "the script is not UTF-8: \(path)", span: span)
    }
    var failed: StatementFailure?
    let outcome = run(SourceText(name: path, text: text), emit: emit) { failure in
      failed = failure
      return false
    }
    if let failed { throw failed }
    return outcome
  }
}
