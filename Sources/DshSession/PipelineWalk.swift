// Runs a pipeline: binds stage after stage and performs the actions it meets.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

/// One pipeline statement under way.
struct PipelineWalk {
  let session: Session
  let source: SourceText

  mutating func run(_ pipeline: PipelineSyntax, name: Name?, emit: (Output) -> Void) throws {
    var binding = PipelineBinding(session: session, source: source)
    var cursor: PipelineCursor?
    var made: Int?
    /// Makes the steps so far a dataset, numbered and current.
    func settle(_ cursor: inout PipelineCursor) -> Int {
      let (index, isNew) = session.state.settle(cursor, source: source)
      if isNew {
        session.state.makeCurrent(index)
        made = index
      }
      cursor = PipelineCursor(base: .dataset(index), dataset: index)
      return index
    }
    // The whole pipeline is bound before any of it runs.
    var trial = session.state
    try binding.bind(pipeline, name: name, state: &trial)

    for (index, stage) in pipeline.stages.enumerated() {
      try binding.take(stage, isFirst: index == 0, pipeline, into: &cursor, state: &session.state)
      guard let verb = VerbRegistry.verb(named: stage.verb.text), verb.kind != .source, verb.kind != .transform, var next = cursor else { continue }
      let dataset = settle(&next)
      cursor = next
      // The name belongs to the dataset before its receipt is written.
      if let name, session.state.datasets[dataset].name != name.text, verb.kind != .action { session.state.name(dataset, name.text) }
      try session.perform(stage, on: dataset, in: source, emit: emit)
    }
    if cursor == nil { cursor = try session.state.start(of: pipeline) }
    guard var last = cursor else { return }
    let dataset = settle(&last)
    if let name { session.state.name(dataset, name.text) }
    if made == nil, name != nil || pipeline.stages.isEmpty { session.state.makeCurrent(dataset) }
    let endsInAction = pipeline.stages.last.flatMap { VerbRegistry.verb(named: $0.verb.text) }.map { $0.kind != .source && $0.kind != .transform } ?? false
    if !endsInAction, session.options.announcesDatasets {
      let entry = session.state.datasets[dataset]
      emit(.dataset(number: entry.number, name: entry.name, sentence: try session.sentence(for: dataset, pipeline)))
    }
  }
}

extension Session {
  /// What is said of a dataset just made: `filter: 10 columns`, or for files what they are.
  func sentence(for index: Int, _ pipeline: PipelineSyntax) throws -> String {
    let dataset = state.datasets[index]
    let columns = try state.plan(of: index).schema.count
    let count = "\(columns) column\(columns == 1 ? "" : "s")"
    if dataset.kept != nil { return "\(count), \(dataset.isPinned ? "persisted" : "materialized")" }
    if dataset.stages.isEmpty, case .files(let id) = dataset.base {
      let source = state.files[id].source
      let title = source.files.count == 1 ? baseName(source.files[0].path) : source.label
      let files = "\(source.files.count) file\(source.files.count == 1 ? "" : "s")"
      return "\(title): \(count), \(files), \(bytesText(source.sizeBytes)); nothing read yet"
    }
    let verb = pipeline.stages.last.map(\.verb.text) ?? "dataset"
    return "\(verb): \(count)"
  }
}
