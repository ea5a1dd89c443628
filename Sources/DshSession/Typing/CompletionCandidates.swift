// Everything that the grammar allows at a place: from the registries, the datasets, and the schema that flows into the stage.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshLanguage
import DshPlan
import DshBackend

extension Session {
  func candidates(_ position: CompletionPosition) -> [Completion] {
    switch position.kind {
    case .nothing: return []
    case .statement: return statementStarts
    case .stage: return verbs([.transform]) + verbs([.action, .pin])
    case .optionName(let options): return options.map { Completion($0.type == .flag ? "--\($0.name)" : "--\($0.name)=", $0.summary) }
    case .optionValue(let option): return optionValues(option)
    case .path: return paths(position.partial, for: .data)
    case .expression(.stage(let verb)):
      return values(position) + (verb == .agg || verb == .pivot || verb == .bar ? aggregates : []) + columns(position) + functions + scalars
    // What `let` and `def` name has no columns; `let` takes a value out of a pipeline as well.
    case .expression(.scalar): return datasetNames + verbs([.source]) + functions + scalars
    case .expression(.definition): return functions + scalars
    case .column: return columns(position)
    case .columnOf(let dataset): return columns(of: dataset)
    case .dataset: return datasetNames
    case .value: return values(position)
    case .text(let function, let argument): return texts(of: function, argument, position.partial)
    case .operation: return operators
    case .keyword(let words): return words.map { Completion($0, keywordMeaning[$0] ?? "") }
    case .type: return DataType.askableNames.map { Completion($0, "type") }
    case .field(let owner): return fields(of: owner, position)
    case .parameter: return scalars
    case .argument(let kind): return arguments(kind, position)
    case .settingValue(let name): return settingValues(name)
    }
  }

  /// With data at hand what is done with it comes first, without what brings some.
  private var statementStarts: [Completion] {
    let commands = CommandRegistry.all.filter { !$0.takesRestOfLine }.map { Completion($0.name, $0.summary) }
    let sources = verbs([.source])
    let steps = verbs([.transform]) + verbs([.action, .pin])
    return state.current == nil ? sources + commands + steps : steps + sources + datasetNames + commands
  }

  private func verbs(_ kinds: [Verb.Kind]) -> [Completion] {
    VerbRegistry.all.filter { kinds.contains($0.kind) && $0.isAvailable }.map { Completion($0.name, $0.summary) }
  }

  private var datasetNames: [Completion] {
    func description(_ index: Int) -> String {
      let dataset = state.datasets[index]
      let columns = (try? state.plan(of: index).schema.count).map { ", " + counted($0, "column") } ?? ""
      return verbs(of: index) + columns + (dataset.kept == nil ? "" : dataset.isPinned ? ", pinned" : ", materialized")
    }
    return state.names.sorted { $0.key < $1.key }.map { Completion($0.key, description($0.value)) }
      + keptNames.filter { state.names[$0] == nil }.map { Completion($0, keptDescription($0)) }
      + state.datasets.indices.reversed().map { Completion("_\(state.datasets[$0].number)", description($0)) }
  }

  private func keptDescription(_ name: String) -> String {
    guard let file = try? look(atKept: name) else { return "kept" }
    return "\(file.record.madeBy), \(counted(file.source.schema.count, "column")), \(file.sizeText), kept"
  }

  private var aggregates: [Completion] {
    AggregateRegistry.all.map(\.signature).map { Completion($0.name + "(", "\($0.usage)  \($0.summary)") }
  }

  private var functions: [Completion] {
    let registry = FunctionRegistry()
    return registry.names.compactMap { name in registry.signature(of: name).map { Completion(name + "(", "\($0.usage)  \($0.summary)") } }
      + state.environment.definitions.sorted { $0.key < $1.key }.map {
        Completion($0.key + "(", "\($0.key)(\($0.value.parameters.joined(separator: ", ")))  your definition")
      }
  }

  /// The texts that an argument may be, in quotes as typed.
  private func texts(of function: String, _ argument: Int, _ partial: String) -> [Completion] {
    let quote = partial.hasPrefix("'") ? "'" : "\""
    return FunctionRegistry().texts(of: function, argument: argument).map { Completion(quote + $0 + quote, "unit of time", key: $0) }
  }

  private var operators: [Completion] {
    // What joins conditions comes behind what makes one.
    BinaryOperator.allCases.sorted { $0.precedence >= 4 && $1.precedence < 4 }.map { Completion($0.rawValue, $0.meaning) }
      + Self.wordOperators
  }

  private static let wordOperators = [
    Completion("in", "one of a list: in [1, 2]"), Completion("not in", "none of a list"),
    Completion("between", "between 1 and 9, both included"),
    Completion("is null", "has no value"), Completion("is not null", "has a value"),
  ]

  private var scalars: [Completion] { scalarNames.map { Completion("$" + $0.text, $0.description) } }

  private var scalarNames: [Completion] {
    state.environment.scalars.sorted { $0.key < $1.key }.map { Completion($0.key, $0.value.value.flatMap(CellText.string) ?? "null") }
  }

  private var keywordMeaning: [String: String] {
    [
      "desc": "largest first", "asc": "smallest first", "by": "for each value of", "on": "the keys that must be equal",
      "except": "all columns but these", "where": "only rows for which it is true", "add": "starts more nodes",
      "kill": "ends a node at once", "drain": "gives a node no more tasks",
    ]
  }

  // MARK: Columns

  /// The columns that flow into the stage being typed, and those made by the bindings before the place.
  private func columns(_ position: CompletionPosition) -> [Completion] {
    let bound = position.bindings.compactMap(\.name).map { Completion(printedName($0.text), "new column", key: $0.text) }
    return bound + columns(upstreamSchema(position))
  }

  private func columns(_ schema: Schema?) -> [Completion] {
    (schema?.fields ?? []).map { Completion(printedName($0.name), $0.type.name, key: $0.name) }
  }

  private func columns(of dataset: DatasetSyntax) -> [Completion] {
    guard case .source(let source) = dataset, let index = state.index(of: source.name.text) else { return [] }
    return columns(try? state.plan(of: index).schema)
  }

  private func fields(of owner: ExpressionSyntax, _ position: CompletionPosition) -> [Completion] {
    guard let schema = upstreamSchema(position) else { return [] }
    var binder = state.environment.binder(nil)
    guard case .structure(let fields)? = binder.bind(owner, over: schema)?.type else { return [] }
    return fields.map { Completion(printedName($0.name), $0.type.name, key: $0.name) }
  }

  /// The schema of what stands before the place.
  private func upstreamSchema(_ position: CompletionPosition) -> Schema? { upstream(position)?.schema }

  /// The plan of what stands before the place; files may be sampled for it, nothing runs.
  func upstream(_ position: CompletionPosition) -> LogicalPlan? {
    var copy = state
    let source = SourceText(name: "completion", text: "")
    for statement in position.statements {
      if case .pipeline(let name, let pipeline) = statement.kind { try? bind(pipeline, name: name, in: source, state: &copy) }
    }
    guard let pipeline = position.pipeline else {
      return copy.current.flatMap { try? copy.plan(of: $0) }
    }
    guard (try? bind(pipeline, name: nil, in: source, state: &copy)) != nil else { return nil }
    let index = pipeline.stages.isEmpty ? pipeline.source.flatMap { copy.index(of: $0.name.text) } ?? copy.current : copy.current
    return index.flatMap { try? copy.plan(of: $0) }
  }

  // MARK: Options and arguments

  private func optionValues(_ option: VerbOption) -> [Completion] {
    switch option.type {
    case .flag: return [Completion("true", ""), Completion("false", "")]
    case .choice(let choices):
      let formats = Dictionary(uniqueKeysWithValues: FormatRegistry.all.map { ($0.name, $0.summary) })
      return choices.map { Completion($0, formats[$0] ?? "") }
    case .int, .float, .size, .text, .list: return []
    }
  }

  private func arguments(_ kind: Command.ArgumentKind, _ position: CompletionPosition) -> [Completion] {
    switch kind {
    case .dataset: return datasetNames
    case .keptDataset: return keptNames.map { Completion($0, keptDescription($0)) }
    case .scalar: return scalarNames
    case .definition: return state.environment.definitions.values.sorted { $0.name < $1.name }.map { Completion($0.name, $0.usage) }
    case .node:
      return ((try? backend.nodes(cancellation: observer.cancellation)) ?? []).filter { $0.name != "head" }
        .map { Completion($0.name, "\($0.state), \(counted($0.blocks, "block")), \(bytesText($0.usedBytes))") }
    case .settingName: return SettingRegistry.all.map { Completion($0.name, "\($0.read(settings))  \($0.summary)") }
    case .topic:
      return Help.topics.map { Completion($0.name, $0.summary) } + Help.listNames.map { Completion($0, "Lists all \($0)") }
    case .path: return paths(position.partial, for: nil)
    case .folder: return paths(position.partial, for: .folder)
    case .script: return paths(position.partial, for: .script)
    case .choice(let choices): return choices.map { Completion($0, "") }
    default: return []
    }
  }

  private func settingValues(_ name: String) -> [Completion] {
    guard let setting = SettingRegistry.setting(named: name), setting.placeholder.contains("|") else { return [] }
    let current = setting.read(settings)
    return setting.placeholder.split(separator: "|").map(String.init).filter { $0.contains { $0.isLowercase } && $0 != "NAME,…" }
      .map { Completion($0, $0 == current ? "now" : $0 == setting.defaultText ? "default" : "") }
  }
}
