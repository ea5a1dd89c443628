// Moves filters towards the files, so that rows are dropped before work is done on them.

import DshColumns

/// filter(project(x)) → project(filter(x)); filter(filter(x)) → filter(x); filter(sort(x)) → sort(filter(x));
/// filter(union(a, b)) → union(filter(a), filter(b)); filter(join(a, b)) → join(filter(a), filter(b)), condition by condition.
///
/// Safe because a filter looks at one row at a time: it keeps the same rows before or after columns are computed,
/// rows are put in order, or inputs are appended. A join drops rows, so that only conditions which can't fail are asked of rows that
/// it might drop. It does not cross a limit or an aggregation.
struct PushFilterDown: PlanRule {
  let name = "push-filter-down"

  /// Whether an expression over columns of these types may fail for a row.
  var mayFail: Optimizer.MayFail = { _, _ in true }

  /// A filter is not moved over a projection if it would grow beyond this many nodes by inlining.
  static let expressionSizeLimit = 1_000

  func apply(_ plan: LogicalPlan) -> LogicalPlan {
    plan.rewrittenDown { plan in
      guard case .filter(let input, let predicate) = plan else { return nil }
      switch input {
      case .project(let inner, let columns):
        // In the body of a lambda a computed column would be computed for each element.
        guard predicate.columnsInLambdas.allSatisfy({ columns[$0].expression.isColumnOrLiteral }) else { return nil }
        let inlined = predicate.inlining(columns)
        guard inlined.size <= Self.expressionSizeLimit, inlined.depth <= Expression.depthLimit else { return nil }
        return .project(.filter(inner, inlined), columns)
      case .filter(let inner, let first): return .filter(inner, .conjunction(first, predicate))
      case .sort(let inner, let keys): return .sort(.filter(inner, predicate), keys)
      case .union(let inputs): return .union(inputs.map { .filter($0, predicate) })
      case .operation(let operation, let inputs): return filtered(operation, inputs, predicate)
      default: return nil
      }
    }
  }
}

extension PushFilterDown {
  /// A step whose inputs are filtered by those conditions that may be asked of them, and by the others behind it; nil if all stay there.
  private func filtered(_ operation: Operation, _ inputs: [LogicalPlan], _ predicate: Expression) -> LogicalPlan? {
    let schemas = inputs.map(\.schema)
    let types = operation.step.schema(over: schemas).types
    var inputs = inputs
    var staying: [Expression] = []
    for condition in predicate.conditions {
      let sources = condition.columns.map { operation.step.source(of: $0, over: schemas) }
      guard let input = sources.first??.input, sources.allSatisfy({ $0?.input == input }),
        operation.step.admitsFilter(on: input, reading: Set(sources.compactMap { $0?.column })), !mayFail(condition, types)
      else {
        staying.append(condition)
        continue
      }
      let moved = condition.mapColumns { index, type in .column(operation.step.source(of: index, over: schemas)?.column ?? index, type) }
      inputs[input] = .filter(inputs[input], moved)
    }
    if staying.count == predicate.conditions.count { return nil }
    let step = LogicalPlan.operation(operation, inputs)
    guard let first = staying.first else { return step }
    return .filter(step, staying.dropFirst().reduce(first) { .conjunction($0, $1) })
  }
}

extension Expression {
  /// Whether to compute it again is no work.
  var isColumnOrLiteral: Bool {
    switch self {
    case .column, .literal: true
    default: false
    }
  }

  /// The expression with columns replaced by what a projection computes for them.
  func inlining(_ columns: [NamedExpression]) -> Expression { mapColumns { index, _ in columns[index].expression } }
}
