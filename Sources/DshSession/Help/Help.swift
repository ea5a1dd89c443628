// `help`: everything it says comes from the registries.

import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

/// Something that help can explain.
struct HelpTopic {
  var name: String
  /// Other words that people ask for it by.
  var synonyms: [String] = []
  /// `verb`, `command`, `function`, …
  var kind: String
  var summary: String
  /// Everything else that a search looks through.
  var text: String
  var lines: [String]
}

/// What can be said about the language; also printed by `dsh help` outside the shell.
public enum Help {
  /// All topics: verbs, commands, articles, functions, aggregates, settings.
  static let topics: [HelpTopic] =
    VerbRegistry.all.map(topic) + CommandRegistry.all.map(topic) + ArticleRegistry.all.map(topic) + functions.map(topic)
    + AggregateRegistry.all.map(\.signature).map(topic) + WindowRegistry.all.map(\.signature).map(topic) + SettingRegistry.all.map(topic)

  /// What `help` lists as a whole, beside explaining a topic.
  static let listNames = lists.map(\.name)

  private static let lists: [(name: String, lines: @Sendable () -> [String])] = [
    ("verbs", { verbOverview }), ("commands", { aligned(CommandRegistry.all.map { ($0.usage, $0.summary) }) }),
    ("topics", { aligned(ArticleRegistry.all.map { ($0.name, $0.summary) }) }), ("functions", { functionOverview }),
    ("settings", { aligned(SettingRegistry.all.map { ("set \($0.name) \($0.placeholder)", $0.summary) }) }),
    ("keys", { aligned(KeyBinding.all.map { ($0.keys, $0.meaning) }) }),
  ]

  private static let functions = FunctionRegistry().names.sorted().compactMap { FunctionRegistry().signature(of: $0) }

  /// The lines of `help NAME`; a name may stand for several things, such as a verb and an aggregate.
  public static func lines(on name: String, span: SourceSpan? = nil) throws(Diagnostic) -> [String] {
    if let list = lists.first(where: { $0.name == name }) { return list.lines() }
    var found = topics.filter { $0.name == name }
    if found.isEmpty { found = topics.filter { ([$0.name] + $0.synonyms).contains(name.lowercased()) } }
    guard !found.isEmpty else {
      throw Diagnostic(
        .unknownTopic, "no verb, command, function, setting or topic \"\(name)\"", span: span,
        suggestion: nearestName(to: name, in: topics.map(\.name)).map(didYouMean) ?? "see: help, help topics")
    }
    return Array(found.map(\.lines).joined(separator: [""]))
  }

  /// The lines of `help --search WORD`: every topic that speaks of the word, those named so first.
  public static func lines(speakingOf word: String, span: SourceSpan? = nil) throws(Diagnostic) -> [String] {
    let wanted = word.lowercased()
    func rank(_ topic: HelpTopic) -> Int? {
      if topic.name.lowercased().contains(wanted) { return 0 }
      if topic.summary.lowercased().contains(wanted) { return 1 }
      return topic.text.lowercased().contains(wanted) ? 2 : nil
    }
    let found = topics.compactMap { topic in rank(topic).map { (topic, $0) } }.sorted { ($0.1, $0.0.name) < ($1.1, $1.0.name) }
    guard !found.isEmpty else {
      throw Diagnostic(
        .nothingFound, "nothing speaks of \"\(word)\"", span: span,
        suggestion: nearestName(to: word, in: topics.map(\.name)).map(didYouMean) ?? "see: help")
    }
    return aligned(found.map { ("\($0.0.name) (\($0.0.kind))", $0.0.summary) })
  }

  /// The first screen.
  public static var overview: [String] {
    func names(_ kinds: [Verb.Kind]) -> String {
      VerbRegistry.all.filter { kinds.contains($0.kind) && $0.isAvailable }.map(\.name).joined(separator: " ")
    }
    return [
      "A dataset flows through stages, separated by |. Nothing runs until an action asks for rows, a number, a file or a pin.", "",
    ]
      + aligned([
        ("read data/weather.csv", "names a file; its columns are known at once"),
        ("filter weather == \"rain\" | take", "the first rows that pass"),
        ("agg days = count() by weather", "one row for each kind of weather"), ("persist", "keeps the blocks where they were made"),
        ("nodes, blocks --map, diagram", "say who holds what, and what moved"),
      ]) + [""]
      + aligned([
        ("Sources", names([.source])), ("Transforms", names([.transform])), ("Actions", names([.action, .pin])),
        ("Commands", CommandRegistry.all.map(\.name).filter { !$0.contains(" ") }.joined(separator: " ")),
      ]) + [""]
      + aligned([
        ("help VERB, or VERB ?", "explains a verb, and so a command, function or setting"),
        ("help verbs", "lists all; so with commands, functions, settings, keys"),
        ("help topics", "operators, types, null, dates, paths and more"),
        ("help --search WORD", "finds everything that speaks of it"),
        ("Tab", "completes anything, with a few words on each"),
      ])
  }

  private static var verbOverview: [String] {
    func group(_ title: String, _ kinds: [Verb.Kind]) -> [String] {
      [title] + aligned(VerbRegistry.all.filter { kinds.contains($0.kind) && $0.isAvailable }.map { ($0.usage, $0.summary) })
    }
    return group("Sources", [.source]) + [""] + group("Transforms (lazy)", [.transform]) + [""]
      + group("Actions (run the plan)", [.action, .pin])
  }

  private static var functionOverview: [String] {
    var lines: [String] = []
    for family in FunctionFamily.allCases where family != .operator {
      let members = functions.filter { $0.family == family }
      if members.isEmpty { continue }
      if !lines.isEmpty { lines.append("") }
      lines.append(family.rawValue.prefix(1).uppercased() + family.rawValue.dropFirst())
      lines += aligned(members.map { ($0.usage, $0.summary) })
    }
    return lines
  }

  static func aligned(_ rows: [(String, String)]) -> [String] {
    let width = min(32, rows.map { displayWidth($0.0) }.max() ?? 0)
    return rows.map { left, right in "  \(left)\(String(repeating: " ", count: max(1, width + 2 - displayWidth(left))))\(right)" }
  }

  // MARK: Topics

  private static func topic(_ verb: Verb) -> HelpTopic {
    var lines = ["\(verb.usage)", "  \(verb.summary)."]
    if case .later(let instead) = verb.availability { lines.append("  Not available yet; meanwhile: \(instead)") }
    if !verb.options.isEmpty { lines += ["", "Options"] + aligned(verb.options.map { ($0.usage, $0.summary) }) }
    if !verb.examples.isEmpty { lines += ["", "Examples"] + verb.examples.flatMap { ["  \($0.text)", "    \($0.meaning)"] } }
    if !verb.related.isEmpty { lines += ["", "See also: \(verb.related.joined(separator: ", "))"] }
    let text = (verb.options.map { $0.name + " " + $0.summary } + verb.examples.map { $0.text + " " + $0.meaning }).joined(separator: " ")
    return HelpTopic(name: verb.name, kind: "verb", summary: verb.summary, text: text, lines: lines)
  }

  private static func topic(_ command: Command) -> HelpTopic {
    var lines = ["\(command.usage)", "  \(command.summary)."]
    if !command.options.isEmpty { lines += ["", "Options"] + aligned(command.options.map { ($0.usage, $0.summary) }) }
    if !command.examples.isEmpty { lines += ["", "Examples"] + command.examples.map { "  \($0)" } }
    let text = (command.options.map { $0.name + " " + $0.summary } + command.examples).joined(separator: " ")
    return HelpTopic(name: command.name, kind: "command", summary: command.summary, text: text, lines: lines)
  }

  private static func topic(_ article: Article) -> HelpTopic {
    let examples = article.examples.map { example in "  \(example.statement)" + (example.answer.map { "  →  \($0)" } ?? "") }
    var lines = [article.name, "  \(article.summary).", ""] + article.lines + ["", "Examples"] + examples
    if !article.related.isEmpty { lines += ["", "See also: \(article.related.joined(separator: ", "))"] }
    return HelpTopic(
      name: article.name, synonyms: article.synonyms, kind: "topic", summary: article.summary,
      text: (article.synonyms + article.lines + examples).joined(separator: " "), lines: lines)
  }

  private static func topic(_ function: FunctionSignature) -> HelpTopic {
    let examples = function.examples.map { "  \($0.expression)  →  \($0.result)" }
    return HelpTopic(
      name: function.name, kind: "function", summary: function.summary, text: examples.joined(separator: " "),
      lines: ["\(function.usage)", "  \(function.summary)"] + (examples.isEmpty ? [] : ["", "Examples"] + examples))
  }

  private static func topic(_ aggregate: AggregateSignature) -> HelpTopic {
    HelpTopic(
      name: aggregate.name, kind: "aggregate", summary: aggregate.summary, text: "agg",
      lines: ["In agg: \(aggregate.usage)", "  \(aggregate.summary)", "", "Examples"] + aggregate.examples.map { "  \($0)" })
  }

  private static func topic(_ window: WindowSignature) -> HelpTopic {
    HelpTopic(
      name: window.name, kind: "window", summary: window.summary, text: "window over",
      lines: ["In map: \(window.usage)", "  \(window.summary)", "", "Examples"] + window.examples.map { "  \($0)" })
  }

  private static func topic(_ setting: Setting) -> HelpTopic {
    HelpTopic(
      name: setting.name, kind: "setting", summary: setting.summary, text: setting.placeholder,
      lines: [
        "set \(setting.name) \(setting.placeholder)", "  \(setting.summary).", "  Set it to \(setting.placeholder).",
        "  Default: \(setting.defaultText).",
      ])
  }
}
