// Makes one projection of two where no work is repeated by it.
import DshDiagnostics
import DshColumns

/// project(project(x)) → project(x), and a projection that changes nothing disappears.
///
/// Safe because inlining keeps every value; done only if no computed column is used twice, so that nothing is
/// computed more often than before, and as long as expressions stay below the depth that every walk over them can take.
struct FuseProjections: PlanRule {
  let name = "fuse-projections"

  func apply(_ plan: LogicalPlan) -> LogicalPlan { plan.rewrittenUp { fused($0) } }

  /// The step as one with the projections below it, which are fused already.
  private func fused(_ plan: LogicalPlan) -> LogicalPlan {
    guard case .project(let input, let columns) = plan else { return plan }
    if isIdentity(columns, over: input) { return input }
    guard case .project(let inner, let innerColumns) = input else { return plan }
    var uses: [Int: Int] = [:]
    for column in columns {
      column.expression.countUses(into: &uses)
      // In the body of a lambda it would be computed for each element.
      for index in column.expression.columnsInLambdas { uses[index, default: 0] += 1 }
    }
    let repeats = innerColumns.enumerated().contains { index, column in
      if case .column = column.expression { return false }
      if case .literal = column.expression { return false }
      return uses[index, default: 0] > 1
    }
    guard !repeats else { return plan }
    let joined = columns.map { NamedExpression($0.name, $0.expression.inlining(innerColumns)) }
    guard joined.allSatisfy({ $0.expression.depth <= Expression.depthLimit }) else { return plan }
    return fused(.project(inner, joined))
  }

  private func isIdentity(_ columns: [NamedExpression], over input: LogicalPlan) -> Bool {
    let schema = input.schema
    return columns.count == schema.count
      && columns.enumerated().allSatisfy { index, column in
        guard case .column(index, _) = column.expression else { return false }
        return column.name.isExactly(schema[index].name)
      }
  }
}

extension Expression {
  /// Adds how often each input column is read.
  func countUses(into uses: inout [Int: Int]) {
    switch self {
    case .column(let index, _): uses[index, default: 0] += 1
    case .literal, .parameter: break
    case .lambda(_, _, let body): body.countUses(into: &uses)
    case .call(_, let arguments, _, _): for argument in arguments { argument.countUses(into: &uses) }
    case .cast(let operand, _, _, _): operand.countUses(into: &uses)
    }
  }
}
