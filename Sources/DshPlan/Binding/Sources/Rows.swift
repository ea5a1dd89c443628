// Binds `rows`: a table that is typed.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `rows {a: 1, b: "x"}, …`.
struct RowsBinding: SourceBinding {
  let verb = Verb.ID.rows

  func bind(_ stage: StageSyntax, with binder: inout Binder) -> LogicalPlan? {
    guard case .rows(let rows) = stage.operands else { return binder.refuse(stage) }
    return binder.bindRows(rows)
  }
}

extension Binder {
  /// `rows {a: 1, b: "x"}, …`: columns in order of first appearance, missing fields null.
  fileprivate mutating func bindRows(_ rows: [RowSyntax]) -> LogicalPlan? {
    let before = diagnostics.count
    var fields: [Field] = []
    var cells: [[ExactText: Value]] = []
    for row in rows {
      var named: [ExactText: Value] = [:]
      for field in row.fields {
        guard let value = bindConstant(field.value) else { continue }
        named[ExactText(field.name.text)] = value
        guard let index = fields.firstIndex(where: { $0.name.isExactly(field.name.text) }) else {
          fields.append(Field(field.name.text, value.type))
          continue
        }
        guard let type = fields[index].type.unified(with: value.type) else {
          report(
            Diagnostic(
              .wrongType, "\"\(field.name.text)\" is \(fields[index].type.name) in a row before and \(value.type.name) here",
              span: field.value.span))
          continue
        }
        fields[index].type = type
      }
      cells.append(named)
    }
    guard diagnostics.count == before else { return nil }
    return .rows(Schema(fields), cells.map { row in fields.map { row[ExactText($0.name)] ?? .null } })
  }
}
