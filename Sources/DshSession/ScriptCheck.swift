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
  /// everything that depends on them.
  func check(_ script: Script, _ source: SourceText) -> [Diagnostic] {
    var copy = state
    var mistakes: [Diagnostic] = []
    /// Names that could not be bound for a reason that may go away.
    var unknown: Set<String> = []
    var written = WrittenPaths()
    for statement in script.statements {
      do {
        switch statement.kind {
        case .command(let command):
          if command.name.text == "source" || command.name.text == "cd" { return mistakes }
          if command.name.text == "undo" { copy.current = copy.earlier.popLast() ?? nil }
          if command.name.text == "!" { written.noteAnything() }
          if command.name.text == "quit" || command.name.text == "exit" { return mistakes }
        case .letBinding, .definition: try define(statement, in: &copy)
        case .pipeline(let name, let pipeline):
          if let used = pipeline.source?.name.text, unknown.contains(used) {
            if let name { unknown.insert(name.text) }
            continue
          }
          if pipeline.source == nil, unknown.contains("_"), !startsAnew(pipeline) { continue }
          if let name { unknown.remove(name.text) }
          if startsAnew(pipeline) { unknown.remove("_") }
          defer { written.note(pipeline, copy.environment) }
          // What the script itself writes is looked at when it is there.
          if written.mayHold(pipeline, copy.environment) {
            unknown.insert("_")
            if let name { unknown.insert(name.text) }
            continue
          }
          do {
            try bind(pipeline, name: name, in: source, state: &copy)
          } catch let diagnostic as Diagnostic where isPassing(diagnostic) {
            unknown.insert("_")
            if let name { unknown.insert(name.text) }
          }
        }
      } catch {
        mistakes += failure(error, source).diagnostics.map { $0 }
        if case .pipeline(let name, _) = statement.kind {
          unknown.insert("_")
          if let name { unknown.insert(name.text) }
        }
      }
    }
    return mistakes
  }

  /// Whether the error may be gone by the time the statement runs.
  private func isPassing(_ diagnostic: Diagnostic) -> Bool {
    diagnostic.category == .environment || diagnostic.code == "file-not-found"
  }

  private func startsAnew(_ pipeline: PipelineSyntax) -> Bool {
    if pipeline.source != nil { return true }
    return pipeline.stages.first.flatMap { VerbRegistry.verb(named: $0.verb.text) }?.kind == .source
  }

  /// Binds a pipeline into a state without running anything.
  func bind(_ pipeline: PipelineSyntax, name: Name?, in source: SourceText, state: inout SessionState) throws {
    var binding = PipelineBinding(session: self, source: source)
    state = try binding.bind(pipeline, name: name, over: state).state
  }
}
