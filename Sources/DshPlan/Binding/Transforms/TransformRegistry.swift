// The transforms that can be bound: a file beside this one and a line in it for each.

import DshDiagnostics
import DshLanguage

/// How one transform becomes a step of a plan.
protocol TransformBinding: Sendable {
  var verb: Verb.ID { get }

  /// The plan after the stage; `others` are the plans of the datasets among its operands.
  ///
  /// Mistakes are reported to the binder; the plan is nil where nothing can be said of what follows.
  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan?
}

/// Every transform that can be bound.
enum TransformRegistry {
  static let all: [any TransformBinding] = [
    FilterBinding(), MapBinding(), SelectBinding(), DropBinding(), RenameBinding(), LimitBinding(), AggBinding(), SortBinding(),
    TopBinding(), UnionBinding(), DistinctBinding(), JoinBinding(), WithRowNumberBinding(), TailBinding(), FlatMapBinding(),
    SampleBinding(),
    ShuffleBinding(), ValueCountsBinding(), FillBinding(), UnpivotBinding(), PivotBinding(), RepartitionBinding(),
    ZipBinding(), SplitBinding(), SummaryBinding(), UnnestBinding(), MapBatchesBinding(), ParseBinding(),
  ]

  private static let byVerb = Dictionary(uniqueKeysWithValues: all.map { ($0.verb, $0) })

  static func binding(of verb: Verb.ID) -> (any TransformBinding)? { byVerb[verb] }
}
