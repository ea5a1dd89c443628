// Moves filters towards the files, so that rows are dropped before work is done on them.

import DshColumns

/// filter(project(x)) → project(filter(x)); filter(filter(x)) → filter(x); filter(sort(x)) → sort(filter(x));
/// filter(union(a, b)) → union(filter(a), filter(b)).
///
/// Safe because a filter looks at one row at a time: it keeps the same rows before or after columns are computed,
/// rows are put in order, or inputs are appended. It does not cross a limit or an aggregation.
struct PushFilterDown: PlanRule {
  let name = "push-filter-down"

  /// A filter is not moved over a projection if it would grow beyond this many nodes by inlining.
  static let expressionSizeLimit = 1_000

  func apply(_ plan: LogicalPlan) -> LogicalPlan {
    plan.rewrittenDown { plan in
      guard case .filter(let input, let predicate) = plan else { return nil }
      switch input {
      case .project(let inner, let columns):
        let inlined = predicate.inlining(columns)
        guard inlined.size <= Self.expressionSizeLimit, inlined.depth <= Expression.depthLimit else { return nil }
        return .project(.filter(inner, inlined), columns)
      case .filter(let inner, let first): return .filter(inner, .conjunction(first, predicate))
      case .sort(let inner, let keys): return .sort(.filter(inner, predicate), keys)
      case .union(let inputs): return .union(inputs.map { .filter($0, predicate) })
      default: return nil
      }
    }
  }
}

extension Expression {
  /// The expression with columns replaced by what a projection computes for them.
  func inlining(_ columns: [NamedExpression]) -> Expression { mapColumns { index, _ in columns[index].expression } }
}
