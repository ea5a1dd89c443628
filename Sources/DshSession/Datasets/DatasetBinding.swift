// From syntax to datasets and from datasets to plans.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

/// An error with the text it is about.
public struct StatementFailure: Error, Sendable {
  public var diagnostics: [Diagnostic]
  public var source: SourceText?

  /// Puts the errors in the order of the text; those without a place stand last.
  public init(_ diagnostics: [Diagnostic], source: SourceText?) {
    self.diagnostics = diagnostics.enumerated().sorted { a, b in
      (a.element.span?.start ?? .max, a.offset) < (b.element.span?.start ?? .max, b.offset)
    }.map(\.element)
    self.source = source
  }
}

extension SessionState {
  /// The plan of a dataset; kept datasets are their blocks.
  ///
  /// - Throws: `WantedValues` if what columns it has is not known yet.
  func plan(of index: Int) throws -> LogicalPlan { try boundPlan(of: index).plan }

  /// The plan of a dataset with the columns in it that got other names, as theirs were taken.
  func boundPlan(of index: Int) throws -> (plan: LogicalPlan, renamed: [RenamedColumn]) {
    let dataset = datasets[index]
    if let kept = dataset.kept { return (.stored(kept), []) }
    var renamed: [RenamedColumn] = []
    let plan = try bindPlan(of: index, &renamed)
    return (plan, renamed.filter { plan.schema.index(of: $0.after) != nil })
  }

  /// The plan that computes a dataset, whether it is kept or not.
  func bindPlan(of index: Int) throws -> LogicalPlan {
    var renamed: [RenamedColumn] = []
    return try bindPlan(of: index, &renamed)
  }

  private func bindPlan(of index: Int, _ renamed: inout [RenamedColumn]) throws -> LogicalPlan {
    let dataset = datasets[index]
    var plan: LogicalPlan
    switch dataset.base {
    case .files(let id): plan = files[id].plan
    case .plan(let generated, _): plan = generated
    case .kept(let id): plan = kept[id].plan
    case .dataset(let base): (plan, renamed) = try boundPlan(of: base)
    }
    for stage in dataset.stages {
      var binder = dataset.environment.binder(dataset.source)
      binder.foundValues = foundValues
      binder.answerSchema = stage.answer
      let others = try stage.others.map { try self.plan(of: $0) }
      guard let next = binder.bindTransform(stage.syntax, over: plan, others: others), binder.diagnostics.isEmpty else {
        if let wanted = binder.wantedValues { throw wanted }
        throw StatementFailure(binder.diagnostics, source: dataset.source)
      }
      plan = next
      renamed += binder.renamedColumns
    }
    return plan
  }

  /// Adds a dataset without making it current.
  mutating func add(base: Dataset.Base, stages: [Dataset.Stage], source: SourceText) -> Int {
    datasets.append(
      Dataset(number: datasets.nextIndex + 1, name: nil, base: base, stages: stages, source: source, environment: environment))
  }

  mutating func name(_ index: Int, _ name: String) {
    if let other = names[name] { datasets[other].name = nil }
    datasets[index].name = name
    names[name] = index
  }
}

/// Where a pipeline stands while its stages are taken in: an existing dataset, or steps that are not one yet.
struct PipelineCursor {
  var base: Dataset.Base
  var stages: [Dataset.Stage] = []
  /// The dataset this is, if no step was added to it.
  var dataset: Int?
  /// The plan up to here, once it has been bound.
  var plan: LogicalPlan?
  /// Where the steps stand among those that are remembered while a text is typed.
  var typed: TypedStages.Stage?
}

extension SessionState {
  /// Where a pipeline starts.
  func start(of pipeline: PipelineSyntax) throws(Diagnostic) -> PipelineCursor {
    if let source = pipeline.source {
      guard let index = index(of: source.name.text) else { throw unknownDataset(source.name) }
      return PipelineCursor(base: .dataset(index), dataset: index)
    }
    guard let current else {
      throw Diagnostic(
        .noDataset, "there is no current dataset yet", span: pipeline.stages.first?.verb.span ?? pipeline.span,
        suggestion: "start with: read FILE")
    }
    return PipelineCursor(base: .dataset(current), dataset: current)
  }

  func unknownDataset(_ name: Name) -> Diagnostic {
    if name.text == "_" {
      return Diagnostic(.noDataset, "there is no current dataset yet", span: name.span, suggestion: "start with: read FILE")
    }
    if let forgotten = forgotten(name) { return forgotten }
    let commands = CommandRegistry.all.map(\.name).filter { !$0.contains(" ") && $0.count > 1 }
    let nearest =
      nearestName(to: name.text, in: knownNames) ?? VerbRegistry.nearest(to: name.text) ?? nearestName(to: name.text, in: commands)
    return Diagnostic(
      .unknownDataset, "no dataset \"\(name.text)\"", span: name.span, suggestion: nearest.map(didYouMean),
      notes: names.isEmpty && keptNames.isEmpty
        ? [] : ["datasets: \((names.keys.sorted() + keptNames.filter { names[$0] == nil }).joined(separator: ", "))"])
  }

  /// The dataset for a cursor: the one it is, or a new one.
  mutating func settle(_ cursor: PipelineCursor, source: SourceText) -> (index: Int, isNew: Bool) {
    if let dataset = cursor.dataset { return (dataset, false) }
    return (add(base: cursor.base, stages: cursor.stages, source: source), true)
  }
}
