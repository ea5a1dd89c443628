// Binds the sources that need no file: `range` and `rows`.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  /// A million blocks of a million rows: every block of a plan is known to the head.
  static let rangeRowLimit = 1 << 40

  /// `range N`, `range A, B` or `range A, B, STEP`, cut into a number of blocks if one is given.
  public mutating func bindRange(_ numbers: [ExpressionSyntax], blocks: Int?, span: SourceSpan) -> LogicalPlan? {
    var values: [Int64] = []
    for number in numbers {
      guard let value = bindConstant(number) else { return nil }
      guard case .int64(let whole) = value else {
        report(Diagnostic("wrong-type", .user, "range takes whole numbers", span: number.span))
        return nil
      }
      values.append(whole)
    }
    if values.count == 3, values[2] == 0 {
      report(Diagnostic("bad-step", .user, "the step of a range can't be 0", span: numbers[2].span))
      return nil
    }
    let count = values.count == 1 ? rangeCount(0, values[0], 1) : rangeCount(values[0], values[1], values.count == 3 ? values[2] : 1)
    guard count <= Self.rangeRowLimit else {
      report(Diagnostic("bad-count", .user, "a range has at most \(Self.rangeRowLimit) rows, this has \(count)", span: span))
      return nil
    }
    switch values.count {
    case 1: return .range(start: 0, end: values[0], step: 1, blocks: blocks)
    case 2: return .range(start: values[0], end: values[1], step: 1, blocks: blocks)
    case 3: return .range(start: values[0], end: values[1], step: values[2], blocks: blocks)
    default:
      report(Diagnostic("wrong-count", .user, "range takes one to three numbers", span: span))
      return nil
    }
  }

  /// `rows {a: 1, b: "x"}, …`: columns in order of first appearance, missing fields null.
  public mutating func bindRows(_ rows: [RowSyntax]) -> LogicalPlan? {
    let before = diagnostics.count
    var fields: [Field] = []
    var cells: [[ExactText: Value]] = []
    for row in rows {
      var named: [ExactText: Value] = [:]
      for field in row.fields {
        guard let value = bindConstant(field.value) else { continue }
        if named.updateValue(value, forKey: ExactText(field.name.text)) != nil {
          report(Diagnostic("duplicate-column", .user, "the row has \"\(field.name.text)\" twice", span: field.name.span))
        }
        guard let index = fields.firstIndex(where: { $0.name.isExactly(field.name.text) }) else {
          fields.append(Field(field.name.text, value.type))
          continue
        }
        guard let type = fields[index].type.unified(with: value.type) else {
          report(
            Diagnostic(
              "wrong-type", .user, "\"\(field.name.text)\" is \(fields[index].type.name) in a row before and \(value.type.name) here",
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
