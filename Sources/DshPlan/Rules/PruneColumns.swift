// Drops columns nobody reads, down to the files, where they are then not even parsed.

import DshColumns

/// Every step is asked for just the columns that the steps above it read.
///
/// Safe because a column that no expression and no result reads can't change a row. The order and names of the
/// columns at the top stay as they are.
struct PruneColumns: PlanRule {
  let name = "prune-columns"

  func apply(_ plan: LogicalPlan) -> LogicalPlan {
    let all = Array(plan.schema.fields.indices)
    return pruned(plan, to: all)
  }

  /// The plan with exactly the wanted columns (ascending indexes of its schema), in that order.
  private func pruned(_ plan: LogicalPlan, to wanted: [Int]) -> LogicalPlan {
    switch plan {
    case .read(let source, let columns): return .read(source, columns: wanted.map { columns[$0] })
    case .range, .rows, .stored: return selecting(wanted, of: plan)
    case .project(let input, let columns):
      let kept = wanted.map { columns[$0] }
      let needed = sorted(kept.reduce(into: Set<Int>()) { $0.formUnion($1.expression.columns) })
      return .project(pruned(input, to: needed), kept.map { NamedExpression($0.name, $0.expression.remapped(to: needed)) })
    case .filter(let input, let predicate):
      let needed = sorted(predicate.columns.union(wanted))
      let filtered = LogicalPlan.filter(pruned(input, to: needed), predicate.remapped(to: needed))
      return selecting(positions(of: wanted, in: needed), of: filtered)
    case .limit(let input, let count, let offset): return .limit(pruned(input, to: wanted), count: count, offset: offset)
    case .sort(let input, let keys):
      let needed = sorted(Set(wanted).union(keys.map(\.index)))
      let moved = zip(keys, positions(of: keys.map(\.index), in: needed)).map { SortColumn($1, descending: $0.descending) }
      return selecting(positions(of: wanted, in: needed), of: .sort(pruned(input, to: needed), moved))
    case .union(let inputs): return .union(inputs.map { pruned($0, to: wanted) })
    case .operation(let operation, let inputs):
      let fewer = operation.step.pruned(to: wanted, over: inputs.map(\.schema))
      let needed = zip(inputs, fewer.needed).map(pruned)
      let step = fewer.operation.map { LogicalPlan.operation(Operation($0), needed) } ?? needed[0]
      return selecting(positions(of: wanted, in: fewer.available), of: step)
    case .aggregate(let input, let aggregation):
      let keyCount = aggregation.keys.count
      var kept = aggregation
      kept.aggregates = wanted.filter { $0 >= keyCount }.map { aggregation.aggregates[$0 - keyCount] }
      let needed = sorted(kept.expressions.reduce(into: Set<Int>()) { $0.formUnion($1.columns) })
      kept.keys = kept.keys.map { NamedExpression($0.name, $0.expression.remapped(to: needed)) }
      kept.aggregates = kept.aggregates.map { $0.remapped(to: needed) }
      let aggregated = LogicalPlan.aggregate(pruned(input, to: needed), kept)
      let available = Array(0..<keyCount) + wanted.filter { $0 >= keyCount }
      return selecting(positions(of: wanted, in: available), of: aggregated)
    }
  }

  private func sorted(_ indexes: Set<Int>) -> [Int] { indexes.sorted() }

  private func positions(of wanted: [Int], in available: [Int]) -> [Int] {
    let place = Dictionary(uniqueKeysWithValues: available.enumerated().map { ($1, $0) })
    return wanted.compactMap { place[$0] }
  }

  /// A projection to some columns, or the plan itself if those are all.
  private func selecting(_ wanted: [Int], of plan: LogicalPlan) -> LogicalPlan {
    let schema = plan.schema
    if wanted == Array(schema.fields.indices) { return plan }
    return .project(plan, wanted.map { NamedExpression(schema[$0].name, .column($0, schema[$0].type)) })
  }
}

extension Expression {
  /// The expression over just some columns of its input, given by their indexes there.
  func remapped(to columns: [Int]) -> Expression {
    mapColumns { index, type in .column(columns.firstIndex(of: index) ?? index, type) }
  }
}
