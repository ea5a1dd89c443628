// The sources whose rows are made of nothing but their operands; `read` opens files, which is for the session to do.

import DshDiagnostics
import DshLanguage

/// How one source becomes the start of a plan.
protocol SourceBinding: Sendable {
  var verb: Verb.ID { get }

  /// The plan of the source; nil if mistakes were reported to the binder.
  func bind(_ stage: StageSyntax, with binder: inout Binder) -> LogicalPlan?
}

/// Every source that can be bound without opening anything.
enum SourceRegistry {
  static let all: [any SourceBinding] = [RangeBinding(), RowsBinding()]

  private static let byVerb = Dictionary(uniqueKeysWithValues: all.map { ($0.verb, $0) })

  static func binding(of verb: Verb.ID) -> (any SourceBinding)? { byVerb[verb] }
}

extension Binder {
  /// The plan of a source that opens nothing; nil if there were mistakes.
  public mutating func bindSource(_ stage: StageSyntax) -> LogicalPlan? {
    guard let binding = stage.verbID.flatMap({ SourceRegistry.binding(of: $0) }) else {
      report(Diagnostic(.notAvailable, "\(stage.verb.text) is not available yet", span: stage.verb.span))
      return nil
    }
    return binding.bind(stage, with: &self)
  }
}
