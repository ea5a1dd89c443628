// The actions and pins that can be performed, a line for each.

import DshDiagnostics
import DshLanguage
import DshRender

/// Every action and pin that can be performed.
enum ActionRegistry {
  static let all: [any Action] = [
    TakeAction(verb: .take, layout: .table), TakeAction(verb: .takeBatch, layout: .columns), TakeAllAction(), ShowAction(),
    CountAction(), BarAction(), HistAction(), PlotAction(), AggregateAction(verb: .sum), AggregateAction(verb: .mean),
    AggregateAction(verb: .min),
    AggregateAction(verb: .max), AggregateAction(verb: .std), UniqueAction(),
    SchemaAction(), SummaryAction(), ExplainAction(), StatsAction(),
    KeepAction(verb: .persist, isPinned: true), KeepAction(verb: .materialize, isPinned: false), UnpersistAction(), WriteAction(),
    ToPandasAction(),
  ]

  private static let byVerb = Dictionary(uniqueKeysWithValues: all.map { ($0.verb, $0) })

  static func action(of verb: Verb.ID) -> (any Action)? { byVerb[verb] }
}

extension StageSyntax {
  /// What performs the stage; nil if its verb is no action, or none that is there yet.
  var action: (any Action)? { verbID.flatMap { ActionRegistry.action(of: $0) } }

  /// The error of a stage whose verb is not available yet; nil if it is.
  var isNotAvailable: Diagnostic? {
    guard case .later(let instead)? = definition?.availability else { return nil }
    return Diagnostic(.notAvailable, "\(verb.text) is not available yet", span: verb.span, notes: ["instead: \(instead)"])
  }
}
