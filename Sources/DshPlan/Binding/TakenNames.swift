// Names of columns that come together: one that is taken already gets a suffix, and that is told.

import DshDiagnostics

/// The names that columns have so far.
struct TakenNames {
  private var names: Set<ExactText>

  init(_ names: [String]) { self.names = Set(names.map { ExactText($0) }) }

  /// Takes a name; false if it is taken.
  mutating func take(_ name: String) -> Bool { names.insert(ExactText(name)).inserted }
}

/// A column that could not be called as it was.
public struct RenamedColumn: Hashable, Sendable {
  @ExactText public var before: String
  @ExactText public var after: String
}

extension Binder {
  /// What a column is called among others: as before if the name is free, and otherwise with a suffix.
  ///
  /// - Parameter advice: what to do where that one is taken too.
  mutating func name(
    _ name: String, suffix: String, among names: inout TakenNames, span: SourceSpan,
    advice: Diagnostic.Suggestion = "another ending: --suffix=_2, or rename one of them before"
  ) -> String {
    if names.take(name) { return name }
    let other = name + suffix
    if !names.take(other) {
      report(
        Diagnostic(
          .duplicateColumn, "two columns would be called \"\(other)\"", span: span, suggestion: advice))
    }
    renamedColumns.append(RenamedColumn(before: name, after: other))
    return other
  }
}
