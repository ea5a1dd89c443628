// `help`: everything it says comes from the registries.

import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

extension Session {
  func helpLines(_ argument: WordSyntax?) throws -> [String] {
    guard let argument else { return overview() }
    let name = argument.text
    if name == "functions" { return functionOverview() }
    if name == "settings" { return SettingRegistry.all.map { "  set \($0.name) \($0.placeholder)   \($0.summary)" } }
    if let verb = VerbRegistry.verb(named: name) { return help(verb) }
    if let command = CommandRegistry.command(named: name) { return help(command) }
    if let function = FunctionRegistry().signature(of: name) { return help(function) }
    let known = VerbRegistry.all.map(\.name) + CommandRegistry.all.map(\.name) + FunctionRegistry().names
    throw Diagnostic(
      "unknown-topic", .user, "no verb, command or function \"\(name)\"", span: argument.span,
      suggestion: nearestName(to: name, in: known).map { "did you mean \"\($0)\"?" } ?? "see: help")
  }

  private func overview() -> [String] {
    func group(_ title: String, _ kinds: [Verb.Kind]) -> [String] {
      let verbs = VerbRegistry.all.filter { kinds.contains($0.kind) && $0.isAvailable }
      return [title] + aligned(verbs.map { ($0.usage, $0.summary) })
    }
    return group("Sources", [.source]) + [""] + group("Transforms (lazy)", [.transform]) + [""]
      + group("Actions (run the plan)", [.action, .pin]) + [
        "", "Commands",
      ] + aligned(CommandRegistry.all.map { ($0.usage, $0.summary) }) + [
        "", "help NAME explains a verb, command or function; help functions lists all functions.",
      ]
  }

  private func functionOverview() -> [String] {
    var lines: [String] = []
    for family in FunctionFamily.allCases where family != .operator {
      let functions = FunctionRegistry().names.sorted().compactMap { FunctionRegistry().signature(of: $0) }.filter { $0.family == family }
      if functions.isEmpty { continue }
      if !lines.isEmpty { lines.append("") }
      lines.append(family.rawValue.prefix(1).uppercased() + family.rawValue.dropFirst())
      lines += aligned(functions.map { ($0.usage, $0.summary) })
    }
    return lines
  }

  private func aligned(_ rows: [(String, String)]) -> [String] {
    let width = min(34, rows.map { displayWidth($0.0) }.max() ?? 0)
    return rows.map { left, right in "  \(left)\(String(repeating: " ", count: max(1, width + 2 - displayWidth(left))))\(right)" }
  }

  private func help(_ verb: Verb) -> [String] {
    let aggregates = AggregateFunction.allCases.filter { $0.name == verb.name }
    var lines = ["\(verb.usage)", "  \(verb.summary)."]
    if case .later(let instead) = verb.availability { lines.append("  Not available yet; meanwhile: \(instead)") }
    if !verb.options.isEmpty { lines += ["", "Options"] + aligned(verb.options.map { ($0.usage, $0.summary) }) }
    if !verb.examples.isEmpty { lines += ["", "Examples"] + verb.examples.flatMap { ["  \($0.text)", "    \($0.meaning)"] } }
    if !aggregates.isEmpty { lines += ["", "In agg"] + aligned(aggregates.map { ($0.usage, $0.summary) }) }
    if !verb.related.isEmpty { lines += ["", "See also: \(verb.related.joined(separator: ", "))"] }
    return lines
  }

  private func help(_ command: Command) -> [String] {
    ["\(command.usage)", "  \(command.summary)."] + (command.examples.isEmpty ? [] : ["", "Examples"] + command.examples.map { "  \($0)" })
  }

  private func help(_ function: FunctionSignature) -> [String] {
    ["\(function.usage)", "  \(function.summary)"]
      + (function.examples.isEmpty ? [] : ["", "Examples"] + function.examples.map { "  \($0.expression)  →  \($0.result)" })
  }
}
