// What may come next in a text being typed, with a word on each: from the grammar's position, the registries and the upstream schema.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshLanguage
import DshPlan
import DshSystem

/// One possible completion.
public struct Completion: Sendable, Hashable {
  public var text: String
  public var description: String

  init(_ text: String, _ description: String) {
    self.text = text
    self.description = description
  }
}

extension Session {
  /// The completions at a byte offset and the bytes they replace. Never runs data.
  public func completions(in text: String, at offset: Int) -> (range: Range<Int>, items: [Completion]) {
    let position = completionPosition(in: text, at: offset)
    let all = candidates(position)
    let partial = position.partial
    let fitting = all.filter { $0.text.hasPrefix(partial) || printedName($0.text).hasPrefix(partial) }
    let found = fitting.isEmpty ? all.filter { $0.text.lowercased().hasPrefix(partial.lowercased()) } : fitting
    return (position.range.start..<position.range.end, found)
  }

  private func candidates(_ position: CompletionPosition) -> [Completion] {
    switch position.kind {
    case .nothing: return []
    case .statement:
      return verbs([.source, .transform, .action, .pin], currentFirst: state.current != nil) + datasetNames
        + CommandRegistry.all.filter { $0.name != "!" }.map { Completion($0.name, $0.summary) }
        + [Completion("let", "Names a scalar"), Completion("def", "Names an expression with parameters")]
    case .stage: return verbs([.transform, .action, .pin], currentFirst: true)
    case .optionName(let verb, let given):
      return (VerbRegistry.verb(named: verb)?.options ?? CommandRegistry.command(named: verb)?.options ?? []).filter {
        !given.contains($0.name)
      }.map {
        Completion("--\($0.name)", $0.summary)
      }
    case .optionValue(let verb, let option): return optionValues(verb, option)
    case .path: return paths(position.partial)
    case .expression(let verb):
      let aggregates =
        verb == "agg" ? AggregateFunction.allCases.filter { $0 != .countValues }.map { Completion($0.name, "aggregate") } : []
      return aggregates + columns(position) + functions + scalars
    case .column: return columns(position)
    case .columnOf: return []
    case .dataset: return datasetNames
    case .keyword(let words): return words.map { Completion($0, "") }
    case .type: return DataType.askableNames.map { Completion($0, "type") }
    case .field: return []
    case .parameter: return scalars
    case .argument(_, let kind): return arguments(kind, position)
    case .settingValue(let name): return settingValues(name)
    }
  }

  private func verbs(_ kinds: [Verb.Kind], currentFirst: Bool) -> [Completion] {
    let available = VerbRegistry.all.filter { kinds.contains($0.kind) && $0.isAvailable }
    let ordered = currentFirst ? available.filter { $0.kind == .transform } + available.filter { $0.kind != .transform } : available
    return ordered.map { Completion($0.name, $0.summary) }
  }

  private var datasetNames: [Completion] {
    state.names.keys.sorted().map { Completion($0, "dataset") } + state.datasets.map { Completion("_\($0.number)", $0.name ?? "dataset") }
  }

  private var functions: [Completion] {
    let registry = FunctionRegistry()
    return registry.names.compactMap { name in registry.signature(of: name).map { Completion(name, $0.summary) } }
      + state.environment.definitions.keys.sorted().map { Completion($0, "definition") }
  }

  private var scalars: [Completion] {
    state.environment.scalars.sorted { $0.key < $1.key }.map { Completion("$\($0.key)", CellText.string($0.value) ?? "null") }
  }

  /// The columns that flow into the stage being typed.
  private func columns(_ position: CompletionPosition) -> [Completion] {
    let bound = position.bindings.compactMap(\.name).map { Completion(printedName($0.text), "new column") }
    guard let schema = upstreamSchema(position) else { return bound }
    return bound + schema.fields.map { Completion(printedName($0.name), $0.type.name) }
  }

  /// The schema of what stands before the place; files may be sampled for it, no plan runs.
  private func upstreamSchema(_ position: CompletionPosition) -> Schema? {
    var copy = state
    let source = SourceText(name: "completion", text: "")
    for statement in position.statements {
      if case .pipeline(let name, let pipeline) = statement.kind { try? bind(pipeline, name: name, in: source, state: &copy) }
    }
    guard let pipeline = position.pipeline else {
      return copy.current.flatMap { try? copy.plan(of: $0).schema }
    }
    guard (try? bind(pipeline, name: nil, in: source, state: &copy)) != nil else { return nil }
    let index = pipeline.stages.isEmpty ? pipeline.source.flatMap { copy.index(of: $0.name.text) } ?? copy.current : copy.current
    return index.flatMap { try? copy.plan(of: $0).schema }
  }

  private func optionValues(_ verb: String, _ option: String) -> [Completion] {
    if option == "format" {
      let isWrite = verb == "write"
      return FormatRegistry.all.filter { isWrite ? $0.canWrite : $0.canRead }.map { Completion($0.name, $0.doc) }
    }
    switch (VerbRegistry.verb(named: verb)?.option(option) ?? CommandRegistry.command(named: verb)?.option(option))?.type {
    case .flag?: return [Completion("true", ""), Completion("false", "")]
    case .choice(let choices)?: return choices.map { Completion($0, "") }
    default: return []
    }
  }

  private func arguments(_ kind: Command.ArgumentKind, _ position: CompletionPosition) -> [Completion] {
    switch kind {
    case .dataset: return datasetNames
    case .node: return ((try? backend.nodes()) ?? []).filter { $0.name != "head" }.map { Completion($0.name, $0.state) }
    case .settingName: return SettingRegistry.all.map { Completion($0.name, $0.summary) }
    case .topic:
      return VerbRegistry.all.map { Completion($0.name, $0.summary) } + CommandRegistry.all.map { Completion($0.name, $0.summary) }
        + functions
    case .path: return paths(position.partial)
    case .choice(let choices): return choices.map { Completion($0, "") }
    default: return []
    }
  }

  private func settingValues(_ name: String) -> [Completion] {
    guard let setting = SettingRegistry.setting(named: name), setting.placeholder.contains("|") else { return [] }
    return setting.placeholder.split(separator: "|").map { Completion(String($0), "") }
  }

  /// Files and folders whose names go on with what was typed.
  private func paths(_ partial: String) -> [Completion] {
    let bare = partial.first == "\"" || partial.first == "'" ? String(partial.dropFirst()) : partial
    let slash = bare.lastIndex(of: "/").map { bare.index(after: $0) } ?? bare.startIndex
    let folder = String(bare[..<slash])
    let start = bare[slash...]
    let entries = (try? listFolder(absolutePath(folder.isEmpty ? "." : folder, from: currentDirectory()))) ?? []
    return entries.filter { $0.name.hasPrefix(start) && (!$0.name.hasPrefix(".") || start.hasPrefix(".")) }
      .map { entry in
        let path = folder + entry.name + (entry.isFolder ? "/" : "")
        return Completion(isBarePath(path) ? path : "\"\(path)\"", entry.isFolder ? "folder" : "")
      }
  }

  private func isBarePath(_ path: String) -> Bool { !path.contains { " \"'|;,#`".contains($0) } }
}
