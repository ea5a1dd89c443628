// Runs what the command line asks for: statements, scripts, standard input, or the shell.

import ArgumentParser
import DshCluster
import DshColumns
import DshDiagnostics
import DshFormats
import DshLanguage
import DshSession
import DshShell
import DshSystem
import DshRender
import DshBackend

/// Exit codes of the program.
enum ExitCode {
  static let failed = DiagnosticCategory.user.exitCode
  static let usage = DiagnosticCategory.syntax.exitCode
  static let cancelled = DiagnosticCategory.cancelled.exitCode
  static let brokenPipe: Int32 = 141

  /// The code for several errors: that of the kind which says most.
  static func code(for diagnostics: [Diagnostic]) -> Int32 {
    for category in [DiagnosticCategory.cancelled, .syntax, .cluster] where diagnostics.contains(where: { $0.category == category }) {
      return category.exitCode
    }
    return failed
  }
}

/// Where the statements stand that every interactive session begins with; nil without a home.
func standardInitPath(configHome: String?, home: String?) -> String? {
  if let configHome, configHome.hasPrefix("/") { return joinPath(configHome, "dsh/init.dsh") }
  return home.map { joinPath($0, ".config/dsh/init.dsh") }
}

/// Parses the arguments and runs; the exit code.
func runCommandLine(_ texts: [String]) -> Int32 {
  let arguments: Arguments
  do {
    arguments = try Arguments.parse(texts)
  } catch {
    let message = Arguments.fullMessage(for: error)
    let isHelp = Arguments.exitCode(for: error) == .success
    let written = writeLine(message, to: isHelp ? 1 : 2)
    return isHelp ? written : ExitCode.usage
  }
  if arguments.showsVersion {
    return writeLine(arguments.verbose ? verboseVersion.joined(separator: "\n") : Arguments.version, to: 1)
  }
  do throws(Diagnostic) {
    return try CommandLineRun(arguments).run()
  } catch {
    writeLine(error.rendered(in: nil), to: 2)
    return ExitCode.code(for: [error])
  }
}

/// Writes a line to standard output or standard error; the exit code of a program that has nothing else to do.
@discardableResult
func writeLine(_ text: String, to descriptor: Int32) -> Int32 {
  do throws(Diagnostic) { try writeAll(Array((text + "\n").utf8), to: descriptor) } catch {
    if error.code == .brokenPipe { return ExitCode.brokenPipe }
    if descriptor != 2 { writeLine(error.rendered(in: nil), to: 2) }
    return ExitCode.failed
  }
  return 0
}

/// One run of the program.
struct CommandLineRun {
  private let arguments: Arguments
  private let printer: OutputPrinter
  private let session: Session
  /// The width of tables where no setting says otherwise; nil for no limit.
  private let columns: Int?

  init(_ arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    guard let color = ColorMode(rawValue: arguments.color) else {
      throw Arguments.usageError("--color is one of \(ColorMode.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    var settings = PrinterSettings()
    settings.colorsOutput = usesColor(mode: color, isTerminal: isTerminal(1), environment: environmentVariable)
    settings.colorsErrors = usesColor(mode: color, isTerminal: isTerminal(2), environment: environmentVariable)
    settings.showsDatasets = arguments.echo
    settings.isTerminal = isTerminal(1)
    settings.showsTimes = isTerminal(1) && !arguments.deterministic
    printer = OutputPrinter(
      settings: settings, output: TextStream(descriptor: 1), errors: TextStream(descriptor: 2))
    session = try arguments.makeSession()
    session.isOutputWanted = { [printer] in printer.isWanted }
    columns = isTerminal(1) && !arguments.deterministic ? terminalSize(1)?.columns ?? 80 : nil
    session.flushOutput = { [printer] in printer.flush() }
  }

  /// Runs everything; the exit code.
  func run() throws(Diagnostic) -> Int32 {
    defer { session.backend.close(waits: false) }
    let texts = try sources()
    var code: Int32 = 0
    var hasQuit = false
    if !texts.isEmpty {
      Signal.brokenPipe.ignore()
      let interrupt = try EventDescriptor()
      Signal.interrupt.watch(with: interrupt)
      Signal.terminate.watch(with: interrupt)
      session.observer.cancellation = interrupt.number
      session.observer.news = { [printer] in
        printer.print(.notice($0))
        printer.flush()
      }
      session.options.announcesDatasets = arguments.echo
      for text in texts {
        let (outcome, status) = run(text, keepGoing: arguments.keepGoing)
        code = max(code, status)
        hasQuit = outcome == .quit
        if hasQuit || status == ExitCode.cancelled || (status != 0 && !arguments.keepGoing) { break }
        if printer.output.failure != nil { break }
      }
      session.observer.cancellation = nil
      session.observer.news = nil
      if code == ExitCode.cancelled { return code }
      if let failure = outputFailure() { return failure }
      if !arguments.staysInteractive || hasQuit { return code }
    }
    return try runShell()
  }

  /// What there is to run before or instead of the shell.
  private func sources() throws(Diagnostic) -> [SourceText] {
    var texts = arguments.commands.map { SourceText(name: "-c", text: $0) }
    for script in arguments.scripts { texts.append(try script == "-" ? standardInput() : read(script)) }
    if texts.isEmpty, !isTerminal(0), !arguments.staysInteractive { texts.append(try standardInput()) }
    return texts
  }

  private func read(_ path: String) throws(Diagnostic) -> SourceText {
    let bytes: [UInt8]
    do throws(Diagnostic) { bytes = try readWholeFile(path) } catch {
      throw fileExists(path) ? error : Diagnostic(.fileNotFound, "no script \"\(path)\"")
    }
    return try text(bytes, name: path)
  }

  private func standardInput() throws(Diagnostic) -> SourceText {
    var bytes: [UInt8] = []
    // Descriptor 0 stays open: its number would be given to the next descriptor made, which the shell would read statements from.
    while true {
      let part = try readAvailable(0)
      if part.isEmpty { return try text(bytes, name: "<stdin>") }
      bytes += part
    }
  }

  private func text(_ bytes: [UInt8], name: String) throws(Diagnostic) -> SourceText {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostic(.notUTF8, .syntax, "a script is UTF-8 text, and this is not: \(name)")
    }
    return SourceText(name: name, text: text)
  }

  private func run(_ source: SourceText, keepGoing: Bool) -> (RunOutcome, Int32) {
    var code: Int32 = 0
    let outcome = session.run(
      source,
      emit: {
        printer.settings.follow(session.settings, columns: columns)
        printer.print($0)
      },
      echo: arguments.echo ? { printer.printEcho($0) } : nil,
      onFailure: { failure in
        // Nobody reads the output: the exit code says so, and there is nobody to tell.
        if printer.output.failure != nil { return false }
        if let cancelled = failure.diagnostics.first(where: { $0.category == .cancelled }) {
          printer.printError(line: cancelled.message)
          code = ExitCode.cancelled
          return false
        }
        printer.print(failure.diagnostics, in: failure.source)
        code = max(code, ExitCode.code(for: failure.diagnostics))
        return keepGoing && printer.output.failure == nil
      })
    printer.flush()
    return (outcome, code)
  }

  /// The exit code for an output that can't be written: quiet if nobody reads it, said if the disk is full.
  private func outputFailure() -> Int32? {
    switch printer.output.failure {
    case nil: return nil
    case .readerGone: return ExitCode.brokenPipe
    case .refused(let diagnostic):
      printer.printError(line: diagnostic.rendered(in: nil))
      return ExitCode.failed
    }
  }

  private func runShell() throws(Diagnostic) -> Int32 {
    var options = ShellOptions()
    if !arguments.quiet {
      let cluster = ClusterOptions(
        nodes: arguments.nodes, slots: arguments.slots, storeBytes: arguments.objectStoreMemory.flatMap(parseSizeText))
      // What a Ray is, is told when it is there.
      let place =
        ClusterChoice.name(arguments.cluster) == ClusterChoice.localName
        ? "\(counted(cluster.nodes, "node")), \(bytesText(cluster.storeBytes)) of object store each" : session.settings.cluster
      options.greeting = "\(Arguments.version): \(place); help explains, Tab completes"
    }
    options.isSafe = arguments.isSafe
    // In safe mode nothing is written, and what was typed before may name files anywhere.
    options.historyFile =
      arguments.isSafe
      ? nil
      : HistoryFile.standardPath(stateHome: environmentVariable("XDG_STATE_HOME"), home: homeFolder()).map {
        HistoryFile(path: $0)
      }
    session.options.announcesDatasets = true
    if arguments.private { session.settings.history = false }
    if arguments.deterministic { session.settings.timing = false }
    let shell = try Shell(session: InteractiveSession(session), printer: printer, options: options)
    session.history = { [weak shell] in TypedHistory(session: shell?.typed ?? [], all: shell?.everTyped ?? []) }
    runInit()
    return shell.run()
  }

  /// Runs the person's own beginning of every interactive session; what is wrong in it is told, and the session begins all the same.
  private func runInit() {
    guard !arguments.skipsInit else { return }
    let standard = standardInitPath(configHome: environmentVariable("XDG_CONFIG_HOME"), home: homeFolder())
    guard let path = arguments.initFile ?? standard, arguments.initFile != nil || fileExists(path) else { return }
    do throws(Diagnostic) {
      session.options.announcesDatasets = false
      defer { session.options.announcesDatasets = true }
      let source = try read(path)
      let interrupt = try EventDescriptor()
      Signal.interrupt.watch(with: interrupt)
      session.observer.cancellation = interrupt.number
      defer { session.observer.cancellation = nil }
      _ = run(source, keepGoing: true)
    } catch { printer.printError(line: error.rendered(in: nil)) }
  }
}
