// Binds a whole script before anything of it runs, so that a typo in the last line costs nothing.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

extension Session {
  /// The mistakes of a script that can be seen without running it.
  ///
  /// Statements over files that are not there yet, an earlier statement may write them, are passed over, and so is
  /// everything that depends on them, or on a scalar that takes its value from a run.
  func check(_ script: Script, _ source: SourceText) -> [Diagnostic] {
    isChecking = true
    defer { isChecking = false }
    var check = ScriptCheck(session: self, source: source)
    for statement in script.statements where !check.hasEnded { check.look(at: statement) }
    return check.mistakes
  }

  /// Binds a pipeline into a state without running anything.
  func bind(_ pipeline: PipelineSyntax, name: Name?, in source: SourceText, state: inout SessionState) throws {
    var binding = PipelineBinding(session: self, source: source)
    state = try binding.bind(pipeline, name: name, over: state).state
  }
}

/// One look through the statements of a script.
struct ScriptCheck {
  let session: Session
  let source: SourceText
  private(set) var mistakes: [Diagnostic] = []
  /// What the statements so far have made, as far as it is known.
  private var state: SessionState
  /// Datasets that could not be bound for a reason that may go away.
  private var unknown: Set<String> = []
  private var written = WrittenPaths()
  /// Whether nothing is known of what follows.
  private(set) var hasEnded = false

  init(session: Session, source: SourceText) {
    self.session = session
    self.source = source
    state = session.state
  }

  /// Nothing is known of what follows: other statements come first, paths start elsewhere, or nothing comes.
  mutating func end() { hasEnded = true }

  /// The dataset before is current again.
  mutating func undo() { state.current = state.earlier.popLast() ?? nil }

  /// Any file may be another one from here on.
  mutating func noteAnythingWritten() { written.noteAnything() }

  mutating func look(at statement: Statement) {
    defer { state.forgetOldest() }
    do {
      switch statement.kind {
      case .command(let command): CommandActionRegistry.action(of: command.id)?.foresee(in: &self)
      case .letBinding(let name, .pipeline(let pipeline)):
        state.environment.scalars[name.text] = .pending
        if isKnown(pipeline) { try session.checkValue(of: pipeline, called: name.text, in: source, state: &state) }
      case .letBinding, .definition: try session.define(statement, in: &state)
      case .expression(let expression): _ = try session.value(of: expression, in: state)
      case .pipeline(let name, let pipeline):
        defer { written.note(pipeline, state.environment) }
        guard isKnown(pipeline) else { return lose((name.map { [$0] } ?? []) + pipeline.parts + pipeline.keptNames) }
        for name in (name.map { [$0] } ?? []) + pipeline.parts + pipeline.keptNames { unknown.remove(name.text) }
        if pipeline.startsAnew { unknown.remove("_") }
        try session.bind(pipeline, name: name, in: source, state: &state)
      }
    } catch {
      mistakes += session.failure(error, source).diagnostics.filter { !isPassing($0) }
      switch statement.kind {
      case .pipeline(let name, let pipeline): lose((name.map { [$0] } ?? []) + pipeline.parts + pipeline.keptNames)
      case .letBinding(let name, _): state.environment.scalars[name.text] = .pending
      default: break
      }
    }
  }

  /// Whether what a pipeline works on is known: a dataset that was bound, files that the script does not write itself.
  private func isKnown(_ pipeline: PipelineSyntax) -> Bool {
    if !unknown.isDisjoint(with: pipeline.datasets) { return false }
    if !pipeline.startsAnew, unknown.contains("_") { return false }
    return !written.mayHold(pipeline, state.environment)
  }

  /// Notes that it is not known what a pipeline makes.
  private mutating func lose(_ names: [Name]) {
    unknown.formUnion(names.map(\.text))
    unknown.insert("_")
  }

  /// Whether an error may be gone by the time the statement runs.
  private func isPassing(_ diagnostic: Diagnostic) -> Bool {
    diagnostic.category == .environment || diagnostic.code == .fileNotFound
      || [.pendingScalar, .pendingColumns, .pendingAnswer].contains(diagnostic.code)
  }
}

extension PipelineSyntax {
  /// Whether it works on something else than the current dataset.
  fileprivate var startsAnew: Bool {
    source != nil || stages.first?.kind == .source
  }

  /// The names of the datasets in it.
  var datasets: Set<String> {
    var names: Set<String> = source.map { [$0.name.text] } ?? []
    for dataset in stages.flatMap(\.operands.datasets) {
      switch dataset {
      case .source(let source): names.insert(source.name.text)
      case .pipeline(let pipeline, _): names.formUnion(pipeline.datasets)
      }
    }
    return names
  }

  /// The names that it keeps datasets under.
  fileprivate var keptNames: [Name] { stages.compactMap(\.keptName) }
}
