// Makes datasets of a recipe again, in a state of their own.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan

extension Recipe.Step {
  /// Its text, for errors that point into it.
  var source: SourceText { SourceText(name: "recipe", text: text) }

  /// Its stages as syntax.
  ///
  /// - Throws: mistakes in the text, or `not-refreshable` for what is no step.
  func stages() throws -> [StageSyntax] {
    if text.isEmpty { return [] }
    let parsed = parse(source)
    if parsed.hasErrors { throw StatementFailure(parsed.diagnostics, source: source) }
    guard parsed.script.statements.count == 1, case .pipeline(nil, var pipeline)? = parsed.script.statements.first?.kind,
      pipeline.source == nil, pipeline.parts.isEmpty
    else { throw unreadable }
    // All of them are gone on with.
    for index in pipeline.stages.indices { pipeline.stages[index].isContinued = true }
    return pipeline.stages
  }

  fileprivate var unreadable: Diagnostic {
    Diagnostic(.notRefreshable, "a step of the recipe is none: \(Diagnostic.shown(text))")
  }
}

extension Recipe.Step {
  /// What its names meant, at a time of now.
  func environment(now: Int64) -> Environment {
    var environment = Environment()
    environment.scalars = scalars.mapValues { .value($0) }
    environment.definitions = Recipe.definitions(definitions)
    environment.now = now
    environment.folder = folder
    return environment
  }
}

extension Recipe {
  fileprivate static func definitions(_ all: [Definition]) -> [String: DshPlan.Definition] {
    var result: [String: DshPlan.Definition] = [:]
    for definition in all {
      let parsed = parse(SourceText(name: "recipe", text: definition.text))
      guard !parsed.hasErrors, case .definition(let name, let parameters, let body)? = parsed.script.statements.first?.kind else {
        continue
      }
      result[name.text] = DshPlan.Definition(
        name: name.text, parameters: parameters.map(\.text), body: body, visible: definitions(definition.definitions),
        scalars: definition.scalars.mapValues { .value($0) })
    }
    return result
  }
}

extension Session {
  /// Makes the steps of a recipe datasets of a state of their own; the last is the one that is wanted.
  ///
  /// - Throws: what is wrong with a step as things are now: files that are not there any more, columns that they have lost.
  func state(of recipe: Recipe) throws -> SessionState {
    let before = state
    defer { state = before }
    let now = state.environment.now
    state = SessionState()
    for step in recipe.steps {
      state.environment = step.environment(now: now)
      var syntax = try step.stages()[...]
      let base = try base(of: step, &syntax)
      guard syntax.count == step.others.count else { throw step.unreadable }
      var stages: [Dataset.Stage] = []
      for (stage, others) in zip(syntax, step.others) {
        guard stage.kind == .transform, stage.operands.datasets.count == others.count else { throw step.unreadable }
        var made = Dataset.Stage(syntax: stage, others: others)
        if stage.verbID == .mapBatches {
          let before = try plan(base, stages, step.source)
          made.answer = try answerSchema(of: stage, over: before, state.environment.binder(step.source))
        }
        stages.append(made)
      }
      state.makeCurrent(state.add(base: base, stages: stages, source: step.source))
    }
    return state
  }

  /// The plan of stages that are no dataset yet.
  private func plan(_ base: Dataset.Base, _ stages: [Dataset.Stage], _ source: SourceText) throws -> LogicalPlan {
    var copy = state
    return try copy.plan(of: copy.add(base: base, stages: stages, source: source))
  }

  /// What a step starts from; takes the stage that makes the rows away from the others.
  private func base(of step: Recipe.Step, _ stages: inout ArraySlice<StageSyntax>) throws -> Dataset.Base {
    switch step.base {
    case .step(let index): return .dataset(index)
    case .kept(let name):
      guard let file = try keptFile(name) else {
        throw Diagnostic(.notRefreshable, "it is made from the kept dataset \(name), which is not there any more")
      }
      return .kept(id: state.kept.append(file))
    case .source:
      guard let stage = stages.popFirst(), stage.kind == .source else { throw step.unreadable }
      let binding = PipelineBinding(session: self, source: step.source)
      return try binding.open(stage, from: step.folder, state: &state).base
    }
  }
}
