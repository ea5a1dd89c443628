// Binds `zip`: columns of the second dataset whose names the first has get others.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `zip DATASET`.
struct ZipBinding: TransformBinding {
  let verb = Verb.ID.zip

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .datasets(let datasets) = stage.operands, let other = others.first, let dataset = datasets.first else {
      return binder.refuse(stage)
    }
    var names = other.schema.names
    for (index, name) in names.enumerated() where input.schema.index(of: name) != nil {
      names[index] = name + "_right"
      if input.schema.index(of: names[index]) != nil || other.schema.index(of: names[index]) != nil {
        binder.report(
          Diagnostic(
            .duplicateColumn, "two columns would be called \"\(names[index])\"", span: dataset.span,
            suggestion: "rename one of them first: rename other = \(printedName(name))"))
        return nil
      }
    }
    let renamed = zip(names, other.schema.fields.enumerated()).map { NamedExpression($0, .column($1.offset, $1.element.type)) }
    return .operation(Operation(Zip(binder.origin(stage.span))), [input, .project(other, renamed)])
  }
}
