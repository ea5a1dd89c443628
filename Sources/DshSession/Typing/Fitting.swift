// Whether a statement would bind as things stand, for suggestions while typing; and a look at the files that a text names.

import DshDiagnostics
import DshLanguage
import DshSystem

extension Session {
  /// Whether every statement of a text parses and binds. Runs nothing and opens no files: of files never looked at it is enough to exist.
  public func fits(_ text: String) -> Bool {
    let source = SourceText(name: "", text: text)
    let parsed = parse(source, datasets: Set(state.names.keys).union(keptNames))
    if parsed.hasErrors { return false }
    isTyping = true
    defer { isTyping = false }
    let hasDefinitions = parsed.script.hasDefinitions
    if hasDefinitions { typedStages.clear() }
    defer { if hasDefinitions { typedStages.clear() } }
    var copy = state
    for statement in parsed.script.statements {
      do {
        switch statement.kind {
        case .command: break
        case .letBinding(let name, .pipeline(let pipeline)):
          // What it will be is not known; that it will be something is enough for what uses it.
          try checkValue(of: pipeline, called: name.text, in: source, state: &copy)
          return true
        case .letBinding, .definition: try define(statement, in: &copy)
        case .expression(let expression): _ = try value(of: expression, in: copy)
        case .pipeline(let name, let pipeline): try bind(pipeline, name: name, in: source, state: &copy)
        }
      } catch is UnexaminedFiles {
        return filesExist(statement)
      } catch { return false }
    }
    return true
  }

  /// Samples the files that a text names and that were not looked at yet, so that their columns are known while the rest is typed.
  ///
  /// Only plain files that are there: patterns may stand for the whole disk. True if something was learnt.
  public func lookAhead(_ text: String) -> Bool {
    let before = sampledFileCount
    let analysis = analyze(text)
    for statement in analysis.script.statements where filesExist(statement, isPlain: true) {
      guard case .pipeline(_, var pipeline) = statement.kind else { continue }
      pipeline.stages = Array(pipeline.stages.prefix(1))
      var copy = state
      try? bind(pipeline, name: nil, in: SourceText(name: "", text: text), state: &copy)
    }
    return sampledFileCount > before
  }

  /// Whether the files that a statement reads are there; true of patterns unless plain files are wanted.
  private func filesExist(_ statement: Statement, isPlain: Bool = false) -> Bool {
    guard case .pipeline(_, let pipeline) = statement.kind, let first = pipeline.stages.first, case .paths(let paths) = first.operands,
      first.verbID == .read, !paths.isEmpty
    else { return false }
    return paths.allSatisfy { path in
      if path.form == .parameter { return !isPlain }
      let file = absolutePath(path.text, from: currentDirectory())
      // Nobody waits for a network while typing.
      if RemoteScheme(of: file) != nil { return false }
      if let status = access.status(file) { return status.kind == .file || !isPlain }
      return !isPlain && isPattern(path.text)
    }
  }
}
