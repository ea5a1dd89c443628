// The files that a script writes before it reads them, so that what lies there now is not taken for what will.

import DshLanguage
import DshSystem

/// The paths that the statements so far write.
struct WrittenPaths {
  /// Absolute, without links, and without a slash at the end.
  private var paths: Set<String> = []
  /// Whether a command of the system may have written anywhere.
  private var isAnywhere = false

  mutating func noteAnything() { isAnywhere = true }

  /// Takes in what a pipeline writes.
  mutating func note(_ pipeline: PipelineSyntax, _ environment: Environment) {
    for stage in pipeline.stages where stage.verbID == .write {
      for path in paths(of: stage, environment) {
        if let path { paths.insert(path) } else { isAnywhere = true }
      }
    }
  }

  /// Whether a pipeline reads what was written, or may do so.
  func mayHold(_ pipeline: PipelineSyntax, _ environment: Environment) -> Bool {
    if !isAnywhere, paths.isEmpty { return false }
    return pipeline.stages.contains { stage in
      for case .pipeline(let inner, _) in stage.operands.datasets where mayHold(inner, environment) { return true }
      return stage.verbID == .read && (isAnywhere || paths(of: stage, environment).contains { $0.map(isWritten) ?? true })
    }
  }

  private func isWritten(_ path: String) -> Bool {
    if paths.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) { return true }
    guard isPattern(path) else { return false }
    // A pattern may fit whatever begins like its plain part.
    let plain = path.prefix { !"*?[{".contains($0) }
    let folder = parentFolder(of: String(plain))
    let place = joinPath(resolvedLocation(folder) ?? folder, String(plain.dropFirst(folder.utf8.count).drop { $0 == "/" }))
    return paths.contains { $0.hasPrefix(place) || place.hasPrefix($0 + "/") }
  }

  /// The paths that a stage names, nil for one that is not known yet.
  private func paths(of stage: StageSyntax, _ environment: Environment) -> [String?] {
    guard case .paths(let paths) = stage.operands else { return [] }
    return paths.map { path in
      var text = path.text
      if path.form == .parameter {
        guard let value = try? environment.path(in: path.text, span: path.span) else { return nil }
        text = value
      }
      let absolute = absolutePath(text, from: currentDirectory())
      // Where a path leads counts, not how it is written.
      let location = isPattern(text) ? absolute : resolvedLocation(absolute) ?? absolute
      return location.utf8.count > 1 && location.hasSuffix("/") ? String(location.dropLast()) : location
    }
  }
}
