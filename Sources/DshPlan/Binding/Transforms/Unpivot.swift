// Binds `unpivot`: the columns that become rows get one type.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `unpivot NAME, …`.
struct UnpivotBinding: TransformBinding {
  let verb = Verb.ID.unpivot

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .columns(let patterns) = stage.operands else { return binder.refuse(stage) }
    return binder.bindUnpivot(patterns, stage, over: input)
  }
}

extension Binder {
  fileprivate mutating func bindUnpivot(_ patterns: [ColumnPattern], _ stage: StageSyntax, over input: LogicalPlan) -> LogicalPlan? {
    let schema = input.schema
    var columns: [Int] = []
    var projection = identity(schema)
    var common: (type: DataType, column: Int)?
    for pattern in patterns {
      for index in columnIndexes(pattern, in: schema) where !columns.contains(index) {
        columns.append(index)
        guard let before = common else {
          common = (schema[index].type, index)
          continue
        }
        guard let type = before.type.unified(with: schema[index].type) else {
          report(
            Diagnostic(
              .wrongType,
              "\"\(schema[index].name)\" is \(schema[index].type.name) and \"\(schema[before.column].name)\" is \(before.type.name): the values of one column have one type",
              span: pattern.span,
              suggestion: "cast one of them first: map \(printedName(schema[index].name)) = \(printedName(schema[index].name))::string"))
          return nil
        }
        common = (type, before.column)
      }
    }
    guard let type = common?.type else { return nil }
    let name = stage.option("name")?.value?.text ?? "name"
    let value = stage.option("value")?.value?.text ?? "value"
    let kept = schema.fields.indices.filter { !columns.contains($0) }.map { schema[$0].name }
    for (new, option) in [(name, "name"), (value, "value")] where kept.contains(where: { $0.isExactly(new) }) || name.isExactly(value) {
      report(
        Diagnostic(
          .duplicateColumn, "two columns would be called \"\(new)\"", span: stage.option(option)?.span ?? stage.verb.span,
          suggestion: "choose another name: --\(option)=\(new)_1"))
      return nil
    }
    for index in columns where schema[index].type != type {
      projection[index].expression = .cast(.column(index, schema[index].type), to: type, isTry: false)
    }
    let plan = columns.allSatisfy { schema[$0].type == type } ? input : LogicalPlan.project(input, projection)
    return .operation(Operation(Unpivot(columns, name: name, value: value)), [plan])
  }
}
