// Binds `flat_map`: one column, which gets the elements of a list.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `flat_map NAME = LIST`.
struct FlatMapBinding: TransformBinding {
  let verb = Verb.ID.flatMap

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .bindings(let bindings) = stage.operands, let binding = bindings.first else { return binder.refuse(stage) }
    if bindings.count > 1 {
      binder.report(
        Diagnostic(
          .wrongCount, "flat_map makes rows of one list", span: bindings[1].span, suggestion: "make it a stage of its own: | flat_map …"))
    }
    let bound = binder.bind(binding.value, over: input.schema)
    binder.brokenColumns.insert(binding.outputName)
    guard let bound else { return input }
    guard case .list = bound.type else {
      binder.report(
        Diagnostic(
          .wrongType, "flat_map takes a list, and this is \(bound.type.name)", span: binding.value.span,
          suggestion: bound.type == .string ? "such as split(\(binding.value.printed), \" \")" : nil))
      return input
    }
    binder.brokenColumns.remove(binding.outputName)
    return .operation(Operation(Elements(NamedExpression(binding.outputName, bound))), [input])
  }
}
