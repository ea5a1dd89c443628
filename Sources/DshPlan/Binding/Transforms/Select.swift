// Binds `select`: columns chosen, renamed and computed.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `select COLUMN, NAME = VALUE, * except COLUMN, …`.
struct SelectBinding: TransformBinding {
  let verb = Verb.ID.select

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .selection(let items) = stage.operands else { return binder.refuse(stage) }
    return binder.bindSelect(items, over: input)
  }
}

extension Binder {
  fileprivate mutating func bindSelect(_ items: [SelectionItem], over input: LogicalPlan) -> LogicalPlan {
    var scope = Scope(input.schema)
    scope.windows = WindowCollection(columnCount: input.schema.count)
    var columns: [NamedExpression] = []
    var spans: [SourceSpan] = []
    for item in items {
      switch item {
      case .binding(let written):
        for binding in inPlace([written], over: input.schema) {
          let isNamed = binding.name != nil
          guard let bound = bind(binding.value, in: &scope).flatMap({ checkDepth(of: $0, span: binding.span) }),
            isNamed || !refuseName(binding.value, boundTo: bound, over: input.schema)
          else {
            brokenColumns.insert(binding.outputName)
            continue
          }
          brokenColumns.remove(binding.outputName)
          columns.append(NamedExpression(binding.outputName, bound))
          spans.append(item.span)
        }
      case .pattern(let pattern):
        let matched = columnIndexes(pattern, in: input.schema).filter { index in
          !columns.contains { $0.name.isExactly(input.schema[index].name) }
        }
        columns += matched.map { NamedExpression(input.schema[$0].name, .column($0, input.schema[$0].type)) }
        spans += matched.map { _ in item.span }
      case .all(let except, _):
        let dropped = Set(except.flatMap { columnIndexes($0, in: input.schema) })
        let kept = input.schema.fields.indices.filter { index in
          !dropped.contains(index) && !columns.contains { $0.name.isExactly(input.schema[index].name) }
        }
        columns += kept.map { NamedExpression(input.schema[$0].name, .column($0, input.schema[$0].type)) }
        spans += kept.map { _ in item.span }
      }
    }
    checkUnique(columns.map(\.name), spans: spans)
    guard let windows = scope.windows, !windows.calls.isEmpty else { return .project(input, columns) }
    return .project(planWindows(windows, over: input), columns)
  }
}
