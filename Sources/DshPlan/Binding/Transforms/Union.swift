// Binds `union`: columns are matched by name.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `union DATASET, …`.
struct UnionBinding: TransformBinding {
  let verb = Verb.ID.union

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .datasets(let datasets) = stage.operands else { return binder.refuse(stage) }
    return binder.bindUnion(others, spans: datasets.map(\.span), over: input)
  }
}

extension Binder {
  /// By column name: columns of the others that the first lacks are added at the end, missing ones are null.
  fileprivate mutating func bindUnion(_ others: [LogicalPlan], spans: [SourceSpan], over input: LogicalPlan) -> LogicalPlan {
    var fields = input.schema.fields
    for (other, span) in zip(others, spans) {
      for field in other.schema.fields {
        guard let index = fields.firstIndex(where: { $0.name.isExactly(field.name) }) else {
          fields.append(field)
          continue
        }
        guard let type = fields[index].type.unified(with: field.type) else {
          report(
            Diagnostic(
              .wrongType,
              "the column \"\(field.name)\" is \(fields[index].type.name) here and \(field.type.name) there", span: span,
              suggestion: "cast one of them first: map \(field.name) = \(field.name)::string"))
          continue
        }
        fields[index].type = type
      }
    }
    let schema = Schema(fields)
    return .union(([input] + others).map { aligned($0, to: schema) })
  }

  private func aligned(_ plan: LogicalPlan, to schema: Schema) -> LogicalPlan {
    if plan.schema == schema { return plan }
    return .project(
      plan,
      schema.fields.map { field in
        guard let index = plan.schema.index(of: field.name) else { return NamedExpression(field.name, .literal(.null, field.type)) }
        let column = Expression.column(index, plan.schema[index].type)
        return NamedExpression(field.name, column.type == field.type ? column : .cast(column, to: field.type, isTry: false))
      })
  }
}
