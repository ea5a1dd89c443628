// Binds `zip`: columns of the second dataset whose names the first has get others.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `zip DATASET`.
struct ZipBinding: TransformBinding {
  let verb = Verb.ID.zip

  private static let suffix = "_right"

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .datasets(let datasets) = stage.operands, let other = others.first, let dataset = datasets.first else {
      return binder.refuse(stage)
    }
    // All names of the second dataset are taken where one gets another.
    for name in other.schema.names where input.schema.index(of: name) != nil && other.schema.index(of: name + Self.suffix) != nil {
      binder.report(
        Diagnostic(
          .duplicateColumn, "two columns would be called \"\(name + Self.suffix)\"", span: dataset.span,
          suggestion: "rename one of them first: rename other = \(printedName(name))"))
      return nil
    }
    var taken = TakenNames(input.schema.names)
    let before = binder.diagnostics.count
    let names = other.schema.names.map { name in
      binder.name(
        name, suffix: Self.suffix, among: &taken, span: dataset.span,
        advice: "rename one of them first: rename other = \(printedName(name))")
    }
    guard binder.diagnostics.count == before else { return nil }
    let renamed = zip(names, other.schema.fields.enumerated()).map { NamedExpression($0, .column($1.offset, $1.element.type)) }
    return .operation(Operation(Zip(binder.origin(stage.span))), [input, .project(other, renamed)])
  }
}
