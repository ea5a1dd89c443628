// Binds `map`: columns computed one after the other.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `map NAME = VALUE, …`.
struct MapBinding: TransformBinding {
  let verb = Verb.ID.map

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .bindings(let bindings) = stage.operands else { return binder.refuse(stage) }
    return binder.bindMap(binder.inPlace(bindings, over: input.schema), over: input)
  }
}

extension Binder {
  /// Bindings in which no pattern is left: each that has one changes every column that it means in its place.
  mutating func inPlace(_ bindings: [BindingSyntax], over schema: Schema) -> [BindingSyntax] {
    bindings.flatMap { binding -> [BindingSyntax] in
      guard let columns = matchedColumns(binding, over: schema) else { return [binding] }
      return columns.map { BindingSyntax(name: Name($0, span: binding.span), value: binding.value.replacingColumns(by: $0)) }
    }
  }

  /// Later bindings see earlier ones; those that read none that is computed here stand in one projection with them.
  fileprivate mutating func bindMap(_ bindings: [BindingSyntax], over input: LogicalPlan) -> LogicalPlan {
    var plan = input
    var columns = identity(input.schema)
    for binding in bindings {
      let schema = Schema(columns.map { Field($0.name, $0.expression.type) })
      var scope = Scope(schema)
      scope.windows = WindowCollection(columnCount: schema.count)
      guard let bound = bind(binding.value, in: &scope).flatMap({ checkDepth(of: $0, span: binding.span) }) else {
        brokenColumns.insert(binding.outputName)
        continue
      }
      brokenColumns.remove(binding.outputName)
      if let windows = scope.windows, !windows.calls.isEmpty {
        plan = planWindows(windows, over: .project(plan, columns))
        columns = identity(schema)
        let added = NamedExpression(binding.outputName, bound)
        if let index = schema.index(of: added.name) { columns[index] = added } else { columns.append(added) }
        continue
      }
      let readsComputed = bound.columns.contains { if case .column = columns[$0].expression { false } else { true } }
      if readsComputed {
        plan = .project(plan, columns)
        columns = identity(schema)
      }
      let added = NamedExpression(binding.outputName, bound.inlining(columns))
      if let index = schema.index(of: added.name) { columns[index] = added } else { columns.append(added) }
    }
    return .project(plan, columns)
  }
}
