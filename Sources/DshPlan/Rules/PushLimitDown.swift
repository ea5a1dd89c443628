// Moves limits below projections and into the inputs of a union, so that fewer rows are made.

/// limit(project(x)) → project(limit(x)); limit(limit(x)) → limit(x); limit n of union(a, b) → limit(union(limit a, limit b)).
///
/// Safe because a projection keeps the number and order of rows, and no input of a union gives more than the limit.
struct PushLimitDown: PlanRule {
  let name = "push-limit-down"

  func apply(_ plan: LogicalPlan) -> LogicalPlan {
    plan.rewrittenDown { plan in
      guard case .limit(let input, let count, let offset) = plan else { return nil }
      switch input {
      case .project(let inner, let columns): return .project(.limit(inner, count: count, offset: offset), columns)
      case .limit(let inner, let innerCount, let innerOffset):
        // The inner limit leaves innerCount rows, of which the first `offset` are passed over.
        let (start, overflow) = innerOffset.addingReportingOverflow(offset)
        guard !overflow else { return nil }
        return .limit(inner, count: max(0, min(count, innerCount - min(innerCount, offset))), offset: start)
      case .union(let inputs):
        let (needed, overflow) = count.addingReportingOverflow(offset)
        let isDone = inputs.allSatisfy { if case .limit(_, let inner, _) = $0 { inner <= needed } else { false } }
        guard !overflow, !isDone else { return nil }
        return .limit(.union(inputs.map { .limit($0, count: needed, offset: 0) }), count: count, offset: offset)
      default: return nil
      }
    }
  }
}
