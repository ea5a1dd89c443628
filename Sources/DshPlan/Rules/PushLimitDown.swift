// Makes one limit of two, and moves limits into the inputs of a union, so that fewer rows are made.

/// limit(limit(x)) → limit(x); limit n of union(a, b) → limit(union(limit a, limit b)).
///
/// Safe because no input of a union gives more than the limit. A limit stays above a projection: both run in the same tasks, which stop at
/// the limit, and below it the limit would end a stage before the projection.
struct PushLimitDown: PlanRule {
  let name = "push-limit-down"

  func apply(_ plan: LogicalPlan) -> LogicalPlan {
    plan.rewrittenDown { plan in
      guard case .limit(let input, let count, let offset) = plan else { return nil }
      switch input {
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
