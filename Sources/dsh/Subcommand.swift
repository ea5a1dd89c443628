// The words behind `dsh` that are no scripts.

import DshDiagnostics
import DshEngine
import DshLanguage
import DshSession
import DshSystem
import ArgumentParser
import DshPlan

/// A subcommand; each answers without a cluster but for `test`, `serve` and `report`.
enum Subcommand: String, CaseIterable {
  case test, serve, report, help, reference, manual, completions

  /// A few words, for shells that show them beside completions.
  var summary: String {
    switch self {
    case .test: "Runs golden tests"
    case .serve: "The session for another program"
    case .report: "A script with its results as a page"
    case .help: "Explains a verb, command or function"
    case .reference: "Prints the reference of the language as Markdown"
    case .manual: "Prints the manual page"
    case .completions: "Prints completions for bash, zsh or fish"
    }
  }

  /// Runs it; the exit code.
  func run(_ arguments: [String]) -> Int32 {
    switch self {
    case .test: return runGoldenTests(arguments)
    case .serve: return runServe(arguments)
    case .report: return runReport(arguments)
    case .help: return printHelp(arguments)
    case .reference:
      if arguments == ["--examples"] { return print(exampleStatements.joined(separator: "\n")) }
      guard arguments.isEmpty else { return usage("dsh reference [--examples]") }
      var text = Reference(commandLine: Arguments.helpMessage(columns: 100)).markdown
      text.removeLast()
      return print(text)
    case .manual: return arguments.isEmpty ? print(ManualPage().text) : usage("dsh manual")
    case .completions:
      guard arguments.count == 1, let shell = ShellCompletions(rawValue: arguments[0]) else {
        return usage("dsh completions \(ShellCompletions.allCases.map(\.rawValue).joined(separator: "|"))")
      }
      return print(shell.script)
    }
  }

  private func print(_ text: String) -> Int32 {
    writeLine(text, to: 1)
  }

  private func usage(_ text: String) -> Int32 {
    writeLine("usage: \(text)", to: 2)
    return ExitCode.usage
  }

  private func printHelp(_ arguments: [String]) -> Int32 {
    do throws(Diagnostic) {
      return print(try helpLines(arguments).joined(separator: "\n"))
    } catch {
      writeLine(error.rendered(in: nil), to: 2)
      return ExitCode.failed
    }
  }

  /// As `help` in the shell: a topic, `--search WORD`, or nothing.
  private func helpLines(_ arguments: [String]) throws(Diagnostic) -> [String] {
    guard let first = arguments.first else { return Help.overview }
    if first == "--search", arguments.count == 2 { return try Help.lines(speakingOf: arguments[1]) }
    if first.hasPrefix("--search=") { return try Help.lines(speakingOf: String(first.dropFirst("--search=".count))) }
    return try Help.lines(on: arguments.joined(separator: " "))
  }

  /// The examples of all verbs, commands, topics and aggregates, each behind its name and a tab, so that tests can run them; a tab and the
  /// answer stand behind those that have one.
  private var exampleStatements: [String] {
    var lines: [String] = []
    for verb in VerbRegistry.all where verb.isAvailable { lines += verb.examples.map { "\(verb.name)\t\($0.text)" } }
    for command in CommandRegistry.all { lines += command.examples.map { "\(command.name)\t\($0)" } }
    for article in ArticleRegistry.all {
      lines += article.examples.map { "\(article.name)\t\($0.statement)" + ($0.answer.map { "\t" + $0 } ?? "") }
    }
    for window in WindowRegistry.all.map(\.signature) { lines += window.examples.map { "\(window.name)\t\($0)" } }
    for aggregate in AggregateRegistry.all.map(\.signature) { lines += aggregate.examples.map { "\(aggregate.name)\t\($0)" } }
    return lines
  }
}
