// The ordered list of rules that rewrite a plan without changing its rows.

import DshColumns

/// A rewrite of plans that keeps schema and rows.
///
/// Rows are computed by need: an expression whose value reaches no result is not computed, so its error does not
/// occur. Rules may therefore move or drop expressions that could fail.
public protocol PlanRule: Sendable {
  /// The name by which the rule is blamed and switched off.
  var name: String { get }
  /// The rewritten plan; the plan itself where the rule does not apply.
  func apply(_ plan: LogicalPlan) -> LogicalPlan
}

/// Applies rules in order.
public struct Optimizer: Sendable {
  /// Whether an expression over columns of these types may fail for a row, which functions know and plans do not.
  public typealias MayFail = @Sendable (Expression, [DataType]) -> Bool

  /// All rules; the order matters as the comments say.
  private static func rules(mayFail: @escaping MayFail) -> [any PlanRule] {
    [
      // A condition on two sides of a year becomes two conditions, each of which the next rule moves by itself.
      CompareYears(),
      // Filters and limits move over projections only while those are still as written, so they go first.
      PushFilterDown(mayFail: mayFail),
      PushLimitDown(),
      // When it is clear which expressions are left.
      PruneColumns(),
      // Last: what the others have brought together becomes one step.
      FuseProjections(),
    ]
  }

  /// The names of all rules, in the order in which they are applied.
  public static let ruleNames = rules { _, _ in true }.map(\.name)

  private let enabled: [any PlanRule]

  /// An optimizer without the rules named.
  public init(without disabled: Set<String> = [], mayFail: @escaping MayFail = { _, _ in true }) {
    enabled = Self.rules(mayFail: mayFail).filter { !disabled.contains($0.name) }
  }

  public func optimize(_ plan: LogicalPlan) -> LogicalPlan {
    enabled.reduce(plan) { plan, rule in
      let result = rule.apply(plan)
      assert(result.schema == plan.schema, "the rule \(rule.name) changed the schema")
      return result
    }
  }
}

extension LogicalPlan {
  /// The plan with every step rewritten, inputs first.
  func rewrittenUp(_ rewrite: (LogicalPlan) -> LogicalPlan) -> LogicalPlan {
    rewrite(replacingInputs(inputs.map { $0.rewrittenUp(rewrite) }))
  }

  /// The plan with every step rewritten until nothing changes, the step itself before its inputs.
  func rewrittenDown(_ rewrite: (LogicalPlan) -> LogicalPlan?) -> LogicalPlan {
    var plan = self
    while let next = rewrite(plan) { plan = next }
    return plan.replacingInputs(plan.inputs.map { $0.rewrittenDown(rewrite) })
  }
}
