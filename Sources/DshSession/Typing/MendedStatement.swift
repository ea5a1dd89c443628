// The statement that is suggested after one with a mistake.

import DshDiagnostics
import DshEngine
import DshLanguage
import DshColumns
import DshPlan

extension Session {
  /// A statement that failed with its mistakes mended; nil if nothing binds, or if what would be suggested could do harm.
  ///
  /// A column that a dataset made before has is looked for there first. A number is never replaced by another, so no statistic stands in
  /// for one, and no command that ends something is suggested.
  public func mended(_ text: String, by diagnostics: [Diagnostic]) -> String? {
    var candidates: [String] = []
    let unknown = diagnostics.filter { $0.code == .unknownColumn && $0.source == nil }
    if unknown.count == diagnostics.count { candidates = startingEarlier(text, unknown) }
    let isHarmless = diagnostics.allSatisfy { $0.fix.map { !Self.statistics.contains($0.replacement) } ?? true }
    if isHarmless { candidates += mendedTexts(of: text, by: diagnostics) }
    return candidates.first { !isDestructive($0) && fits($0) }
  }

  private static let statistics = Set(AggregateRegistry().names).subtracting(["count"])

  private func isDestructive(_ text: String) -> Bool {
    analyze(text).script.statements.contains { statement in
      if case .command(let command) = statement.kind {
        CommandRegistry.command(command.id)?.isDestructive ?? true
      } else {
        false
      }
    }
  }

  /// The text with its pipeline starting from the dataset that has the columns.
  private func startingEarlier(_ text: String, _ diagnostics: [Diagnostic]) -> [String] {
    guard let statement = analyze(text).script.statements.first, case .pipeline(_, let pipeline) = statement.kind, pipeline.source == nil,
      let first = pipeline.stages.first, first.kind != .source
    else { return [] }
    let source = SourceText(name: "", text: text)
    let names = diagnostics.compactMap(\.span).map { unquotedName(self.text(of: $0, in: source)) }
    guard let earlier = names.lazy.compactMap({ self.state.dataset(havingColumn: $0) }).first else { return [] }
    let bytes = Array(text.utf8)
    let start = first.span.start
    return [String(decoding: bytes[..<start], as: UTF8.self) + "\(earlier) | " + String(decoding: bytes[start...], as: UTF8.self)]
  }
}
