// The stages that were bound while a text is typed: from key to key all but one stay the same.

import DshPlan

/// Bound stages by the texts that led to them. Good as long as datasets, files, scalars and definitions are what they were.
struct TypedStages {
  /// Every key makes another last stage; beyond this many all are forgotten.
  static let limit = 4000

  /// A stage behind others.
  final class Stage {
    let plan: LogicalPlan?
    fileprivate var next: [String: Stage] = [:]

    fileprivate init(_ plan: LogicalPlan?) { self.plan = plan }
  }

  private var roots: [String: Stage] = [:]
  private var count = 0

  /// Where pipelines begin that start with the same source.
  mutating func root(_ source: String) -> Stage {
    if let known = roots[source] { return known }
    let root = Stage(nil)
    roots[source] = root
    return root
  }

  /// The stage of a text behind another, if it was bound before.
  func step(_ text: String, after stage: Stage?) -> Stage? { stage?.next[text] }

  mutating func add(_ text: String, _ plan: LogicalPlan, after stage: Stage?) -> Stage? {
    guard let stage else { return nil }
    count += 1
    if count > Self.limit { clear() }
    let new = Stage(plan)
    stage.next[text] = new
    return new
  }

  mutating func clear() {
    roots = [:]
    count = 0
  }
}
