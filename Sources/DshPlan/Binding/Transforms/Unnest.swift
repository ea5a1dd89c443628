// Binds `unnest`: a projection with the fields of structs in their places.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `unnest STRUCT, …`.
struct UnnestBinding: TransformBinding {
  let verb = Verb.ID.unnest

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .columns(let patterns) = stage.operands else { return binder.refuse(stage) }
    let before = binder.diagnostics.count
    var structs: Set<Int> = []
    for pattern in patterns {
      for index in binder.columnIndexes(pattern, in: input.schema) {
        if case .structure = input.schema[index].type { structs.insert(index) } else { binder.reportNoStruct(input.schema[index], pattern) }
      }
    }
    guard binder.diagnostics.count == before else { return input }
    let kept = input.schema.fields.enumerated().filter { !structs.contains($0.offset) }.map(\.element.name)
    var names = TakenNames(kept)
    var columns: [NamedExpression] = []
    for (index, column) in input.schema.fields.enumerated() {
      let whole = Expression.column(index, column.type)
      guard structs.contains(index), case .structure(let fields) = column.type else {
        columns.append(NamedExpression(column.name, whole))
        continue
      }
      let suffix = stage.option("suffix")?.value?.text ?? "_\(column.name)"
      for field in fields {
        let name = binder.name(field.name, suffix: suffix, among: &names, span: stage.span)
        columns.append(NamedExpression(name, .call("field", [whole, .literal(.string(field.name), .string)], field.type)))
      }
    }
    return .project(input, columns)
  }
}

extension Binder {
  fileprivate mutating func reportNoStruct(_ column: Field, _ pattern: ColumnPattern) {
    let name = printedName(column.name)
    let isList = if case .list = column.type { true } else { false }
    report(
      Diagnostic(
        .wrongType, "unnest takes a struct, and \"\(column.name)\" is \(column.type.name)", span: pattern.span,
        suggestion: isList ? "a row of each element: flat_map \(name) = \(name)" : nil))
  }
}
