// `dsh reference`: the reference of the language as Markdown; everything it says of the language comes from the registries.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshLanguage
import DshPlan

/// The text of `docs/reference.md`.
public struct Reference {
  /// What `dsh --help` prints.
  let commandLine: String

  /// - Parameter commandLine: what `dsh --help` prints.
  public init(commandLine: String) { self.commandLine = commandLine }

  /// The whole reference, ending in a newline.
  public var markdown: String {
    let sections = [
      introduction, verbs("Sources", [.source]), verbs("Transforms", [.transform]), verbs("Actions", [.action, .pin]), laterVerbs,
      aggregates, windows, operators, functions, commands, topics, keys, settings, formats, errors, commandLineOptions,
    ]
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var introduction: [String] {
    [
      "# Reference", "",
      "This page is printed by `dsh reference` from the registries that the program itself works with; `help NAME` says the same inside the shell.",
      "To learn the language, begin with the [tutorial](tutorial.md).",
    ]
  }

  // MARK: Verbs

  private func verbs(_ title: String, _ kinds: [Verb.Kind]) -> [String] {
    ["## \(title)"] + VerbRegistry.all.filter { kinds.contains($0.kind) && $0.isAvailable }.flatMap(section)
  }

  private func section(_ verb: Verb) -> [String] {
    var lines = ["", "### \(verb.name)", "", "    \(verb.usage)", "", "\(verb.summary)."]
    if !verb.options.isEmpty {
      lines += ["", "| option | meaning |", "|---|---|"] + verb.options.map { row([code($0.usage), $0.summary]) }
    }
    if !verb.examples.isEmpty {
      lines += ["", "| example | meaning |", "|---|---|"] + verb.examples.map { row([code($0.text), $0.meaning]) }
    }
    if !verb.related.isEmpty { lines += ["", "See also: \(verb.related.map(code).joined(separator: ", "))."] }
    return lines
  }

  private var laterVerbs: [String] {
    [
      "## Not available yet", "", "These words are taken: dsh knows them and answers with what works meanwhile.", "",
      "| verb | will | meanwhile |", "|---|---|---|",
    ]
      + VerbRegistry.all.compactMap { verb in
        guard case .later(let instead) = verb.availability else { return nil }
        return row([code(verb.usage), verb.summary, instead])
      }
  }

  // MARK: Expressions

  private var aggregates: [String] {
    ["## Aggregates", "", "Used in `agg`. Nulls are skipped.", "", "| aggregate | meaning |", "|---|---|"]
      + AggregateRegistry.all.map(\.signature).map { row([$0.usages.map(code).joined(separator: ", "), $0.summary]) }
  }

  private var windows: [String] {
    [
      "## Windows", "",
      "Used in `map` and `select`: `f(x) over (by KEY, … sort KEY [desc], … rows N before M after)`. Rows with the same keys are looked at together, in the "
        + "order of `sort`, else of the dataset; rows keep their order. Aggregates stand there as well: over all rows with the same keys, with `sort` over "
        + "those up to the row, with `rows` over those around it (`rows 6 before`, `rows 3 before 3 after`, `rows all before`, `rows all`).",
      "",
      "| function | meaning |", "|---|---|",
    ] + WindowRegistry.all.map(\.signature).map { row([code($0.usage), $0.summary]) }
  }

  private var operators: [String] {
    ["## Operators", "", "| operator | meaning | example | result |", "|---|---|---|---|"]
      + FunctionRegistry.all.map(\.signature).filter { $0.family == .operator }.flatMap { exampleRows($0, title: $0.name) }
  }

  private var functions: [String] {
    let families = FunctionFamily.allCases.filter { $0 != .operator }
    return ["## Functions"]
      + families.flatMap { family in
        let members = FunctionRegistry.all.map(\.signature).filter { $0.family == family }.sorted { $0.name < $1.name }
        return ["", "### \(capitalized(family.rawValue)) functions", "", "| function | meaning | example | result |", "|---|---|---|---|"]
          + members.flatMap { exampleRows($0, title: $0.usage) }
      }
  }

  /// One row for a function and its first example, one more for each further example.
  private func exampleRows(_ function: FunctionSignature, title: String) -> [String] {
    let examples = function.examples.map { [code($0.expression), code($0.result)] }
    let first = row([code(title), function.summary] + (examples.first ?? ["", ""]))
    return [first] + examples.dropFirst().map { row(["", ""] + $0) }
  }

  // MARK: The shell and its surroundings

  private var commands: [String] {
    [
      "## Commands", "", "Commands are statements of their own: they talk to the shell or the cluster and take no part in pipelines.", "",
      "| command | meaning | examples |", "|---|---|---|",
    ]
      + CommandRegistry.all.map { command in
        let options = command.options.map { "\(code($0.usage)): \($0.summary)" }
        return row([
          code(command.usage), ([command.summary] + options).joined(separator: ". "), command.examples.map(code).joined(separator: ", "),
        ])
      }
  }

  private var keys: [String] {
    ["## Keys", "", "On a terminal, while a statement is typed.", "", "| key | does |", "|---|---|"]
      + KeyBinding.all.map { row([$0.keys, $0.meaning]) }
  }

  private var settings: [String] {
    let defaults = Settings()
    return ["## Settings", "", "| setting | default | meaning |", "|---|---|---|"]
      + SettingRegistry.all.map {
        row([code("set \($0.name) \($0.placeholder)"), code($0.read(defaults)), $0.summary + ($0.example.isEmpty ? "" : "; \($0.example)")])
      }
  }

  /// The articles that no other section is about.
  private var topics: [String] {
    ["## Topics", "", "What `help` says of the language as a whole."]
      + ArticleRegistry.all.filter { $0.name != "operators" && $0.name != "formats" }.flatMap(section)
  }

  private func section(_ article: Article) -> [String] {
    var lines = ["", "### \(article.name)", "", "\(article.summary).", ""]
    lines += article.lines.map { $0.isEmpty ? "" : "    \($0)" }
    lines += ["", "| example | answer |", "|---|---|"]
    return lines + article.examples.map { row([code($0.statement), code($0.answer ?? "")]) }
  }

  private var formats: [String] {
    func mark(_ isAble: Bool) -> String { isAble ? "yes" : "no" }
    return ["## File formats", "", "| format | extensions | read | write | meaning |", "|---|---|---|---|---|"]
      + FormatRegistry.all.map { format in
        row([
          code(format.name), format.extensions.map { code(".\($0)") }.joined(separator: " "), mark(format.canRead), mark(format.canWrite),
          format.summary,
        ])
      }
  }

  private var errors: [String] {
    [
      "## Errors and exit codes", "",
      "An error carries a code such as `unknown-column` that stays the same from version to version, the place in the text, and what to do about it.",
      "The exit code tells whose turn it is; 0 means that every statement succeeded.", "", "| exit code | category | meaning |",
      "|---|---|---|",
    ]
      + DiagnosticCategory.allCases.sorted { $0.exitCode < $1.exitCode }.map { row([String($0.exitCode), code("\($0)"), $0.summary]) }
      + ["", "The category is that of most errors with the code.", "", "| code | category | meaning |", "|---|---|---|"]
      + DiagnosticCode.all.map { row([code($0.name), code("\($0.category)"), $0.summary]) }
  }

  private var commandLineOptions: [String] {
    ["## The command line", "", "```"]
      + commandLine.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).reversed().drop { $0.isEmpty }.reversed()
      + ["```"]
  }

  // MARK: Markdown

  private func row(_ cells: [String]) -> String {
    "| " + cells.map { $0.isEmpty ? " " : $0 }.joined(separator: " | ") + " |"
  }

  /// Text as code that is safe in a cell of a table.
  private func code(_ text: String) -> String {
    if text.isEmpty { return "" }
    let escaped = text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    return escaped.utf8.contains(UInt8(ascii: "`")) ? "`` \(escaped) ``" : "`\(escaped)`"
  }

  private func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
