// Runs a pipeline: all of it is bound first, then the actions it holds are performed in order.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan
import DshRender

/// A bound pipeline: the state after it, and what there is to do.
struct BoundPipeline {
  var state: SessionState
  /// The actions and pins with the datasets they work on.
  var actions: [(stage: StageSyntax, dataset: Int)]
  /// The dataset the pipeline comes out at.
  var dataset: Int
  /// All that it comes out at, if it splits rows: the last of them is `dataset`.
  var parts: [Int] = []
}

extension PipelineBinding {
  /// Binds a whole pipeline; nothing runs.
  mutating func bind(_ pipeline: PipelineSyntax, name: Name?, over before: SessionState) throws -> BoundPipeline {
    var state = before
    try session.adopt(pipeline.datasets, into: &state)
    var cursor = state.keptAlone(pipeline)
    var actions: [(stage: StageSyntax, dataset: Int)] = []
    var isNew = false
    /// Makes the steps so far a dataset, numbered and current.
    func settle() throws -> Int {
      if cursor == nil { cursor = try state.start(of: pipeline) }
      guard let steps = cursor else { preconditionFailure("a pipeline starts somewhere") }
      let settled = state.settle(steps, source: source)
      if settled.isNew {
        isNew = true
        state.makeCurrent(settled.index)
        if let name { state.name(settled.index, name.text) }
      }
      cursor = PipelineCursor(base: .dataset(settled.index), dataset: settled.index, plan: steps.plan, typed: steps.typed)
      return settled.index
    }
    for stage in pipeline.stages.dropLast(pipeline.parts.isEmpty ? 0 : 1) {
      try take(stage, pipeline, into: &cursor, state: &state)
      guard stage.kind == .action || stage.kind == .pin else { continue }
      let dataset = try settle()
      actions.append((stage, dataset))
      if let kept = stage.keptName { state.name(dataset, kept.text) }
    }
    if !pipeline.parts.isEmpty {
      let whole = try settle()
      let parts = try pipeline.parts.enumerated().map { index, name in
        guard let stage = pipeline.stage(ofPart: index + 1) else { preconditionFailure("parts are those of a stage") }
        var part: PipelineCursor? = PipelineCursor(base: .dataset(whole), dataset: whole)
        try take(stage, pipeline, into: &part, state: &state)
        try finish()
        cursor = part
        let dataset = try settle()
        state.name(dataset, name.text)
        return dataset
      }
      return BoundPipeline(state: state, actions: actions, dataset: parts[parts.count - 1], parts: parts)
    }
    try finish()
    let dataset = try settle()
    if cursor?.plan == nil { do { _ = try state.plan(of: dataset) } catch is WantedValues {} }
    if let name, state.datasets[dataset].name != name.text { state.name(dataset, name.text) }
    if !isNew, name != nil || pipeline.stages.isEmpty { state.makeCurrent(dataset) }
    return BoundPipeline(state: state, actions: actions, dataset: dataset)
  }
}

extension SessionState {
  /// Where `persist NAME` alone starts if a dataset has that name already: it is that which is kept, and not the current one.
  fileprivate func keptAlone(_ pipeline: PipelineSyntax) -> PipelineCursor? {
    guard pipeline.source == nil, pipeline.stages.count == 1, let name = pipeline.stages[0].keptName, let index = names[name.text] else {
      return nil
    }
    return PipelineCursor(base: .dataset(index), dataset: index)
  }
}

extension Diagnostic {
  /// An error of an action in a statement: one without a place is about the action; one in an expression of an earlier statement says
  /// what ran it.
  fileprivate func placed(in statement: SourcePlace, running stage: StageSyntax) -> Diagnostic {
    guard category == .user || category == .environment else { return self }
    guard let span else { return at(stage.span) }
    var placed = self
    if source == statement.source { placed.source = nil }
    let isElsewhere = placed.source != nil || span.start < statement.span.start || span.end > statement.span.end
    if isElsewhere { placed.notes.append("run by \(SourcePlace(source: statement.source, span: stage.span).name): \(stage.printed)") }
    return placed
  }
}

extension Session {
  func run(_ pipeline: PipelineSyntax, name: Name?, in source: SourceText, emit: (Output) -> Void) throws {
    let bound = try perform(pipeline, name: name, in: source, emit: emit)
    if bound.actions.isEmpty, options.announcesDatasets {
      for dataset in bound.parts.isEmpty ? [bound.dataset] : bound.parts {
        let entry = state.datasets[dataset]
        emit(.dataset(number: entry.number, name: entry.name, sentence: try sentence(for: dataset, pipeline)))
      }
      if let rows = settings.preview { try preview(bound.dataset, rows: rows, pipeline, in: source, emit: emit) }
    }
  }

  /// Binds a pipeline and performs its actions.
  @discardableResult
  func perform(_ pipeline: PipelineSyntax, name: Name?, in source: SourceText, emit: (Output) -> Void) throws -> BoundPipeline {
    let before = state
    var binding = PipelineBinding(session: self, source: source)
    let bound = try binding.bind(pipeline, name: name, over: state)
    state = bound.state
    do {
      for (stage, dataset) in bound.actions {
        let isAlone = pipeline.source == nil && pipeline.stages.count == 1
        do { try perform(stage, on: dataset, in: source, isAlone: isAlone, emit: emit) } catch let diagnostic as Diagnostic {
          throw diagnostic.placed(in: SourcePlace(source: source, span: pipeline.span), running: stage)
        }
      }
    } catch {
      // A statement that fails leaves nothing behind but wider columns, which are true for the next one too, and what a
      // persist before the failure has pinned.
      let keptSomething = state.datasets.indices.contains { index in
        index >= before.datasets.nextIndex && (state.datasets[index].kept != nil || state.datasets[index].isFileMade(since: before))
      }
      if !keptSomething {
        let after = state
        state = before
        state.kept = after.kept
        state.replacedKept = after.replacedKept
        for index in state.files.indices where after.files.contains(index) { state.files[index] = after.files[index] }
        for index in state.datasets.indices { state.datasets[index].keep(as: after.datasets[index]) }
      }
      throw error
    }
    return bound
  }

  /// The first rows of a dataset just made, as `take` would show them.
  private func preview(_ dataset: Int, rows: Int, _ pipeline: PipelineSyntax, in source: SourceText, emit: (Output) -> Void) throws {
    let span = pipeline.span
    let count = ExpressionSyntax(.literal(.int64(Int64(rows))), span: span)
    let stage = StageSyntax(.take, operands: .count(count), at: span)
    try perform(stage, on: dataset, in: source, emit: emit)
  }

  /// What is said of a dataset just made: `filter: 10 columns`, or for files what they are.
  private func sentence(for index: Int, _ pipeline: PipelineSyntax) throws -> String {
    do { return try knownSentence(for: index, pipeline) } catch is WantedValues {
      return "\(pipeline.stages.last?.verb.text ?? "dataset"): its columns are known once it has run"
    }
  }

  private func knownSentence(for index: Int, _ pipeline: PipelineSyntax) throws -> String {
    let dataset = state.datasets[index]
    let columns = counted(try state.plan(of: index).schema.count, "column")
    if dataset.kept == nil, let file = state.keptFile(index) {
      return "\(columns), \(file.sizeText), kept"
    }
    if dataset.kept != nil { return "\(columns), \(dataset.isPinned ? "persisted" : "materialized")" }
    if dataset.stages.isEmpty, case .files(let id) = dataset.base {
      let source = state.files[id].source
      let title = source.files.count == 1 ? baseName(source.files[0].name) : source.label
      return "\(title): \(columns), \(counted(source.files.count, "file")), \(bytesText(source.sizeBytes)); nothing read yet"
    }
    return "\(pipeline.stages.last.map(\.verb.text) ?? "dataset"): \(columns)"
  }
}
