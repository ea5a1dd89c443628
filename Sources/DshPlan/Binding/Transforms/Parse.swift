// Binds `parse`: a projection with a column for each named group of a regular expression.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `parse COLUMN r'(?<NAME>…) …'`.
struct ParseBinding: TransformBinding {
  let verb = Verb.ID.parse

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .columnAndText(let pattern, let text) = stage.operands else { return binder.refuse(stage) }
    let indexes = binder.columnIndexes(pattern, in: input.schema)
    guard let index = indexes.first else { return input }
    guard indexes.count == 1 else {
      binder.report(Diagnostic(.wrongType, "parse takes one column, and several fit", span: pattern.span))
      return input
    }
    let column = input.schema[index]
    guard column.type == .string else {
      binder.report(
        Diagnostic(
          .wrongType, "parse takes a text, and \"\(column.name)\" is \(column.type.name)", span: pattern.span,
          suggestion: "make one of it: map \(printedName(column.name)) = string(\(printedName(column.name)))"))
      return input
    }
    let names: [String?]
    do { names = try binder.functions.groupNames(ofPattern: text.text) } catch {
      binder.report(error.at(text.span))
      return input
    }
    guard names.contains(where: { $0 != nil }) else {
      binder.report(
        Diagnostic(
          .missingName, .user, "no group of the regular expression has a name", span: text.span,
          suggestion: "a group with a name makes a column: (?<name>…)"))
      return input
    }
    var columns = binder.identity(input.schema)
    for case (let group, let name?) in names.enumerated() {
      binder.brokenColumns.remove(name)
      let arguments: [Expression] = [
        .column(index, .string), .literal(.string(text.text), .string), .literal(.int64(Int64(group + 1)), .int64),
      ]
      let added = NamedExpression(name, .call("regex_extract", arguments, .string))
      if let place = columns.firstIndex(where: { $0.name.isExactly(name) }) { columns[place] = added } else { columns.append(added) }
    }
    return .project(input, columns)
  }
}
