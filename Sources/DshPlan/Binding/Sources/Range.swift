// Binds `range`: whole numbers at equal distances.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `range N`, `range A, B` and `range A, B, STEP`.
struct RangeBinding: SourceBinding {
  let verb = Verb.ID.range

  func bind(_ stage: StageSyntax, with binder: inout Binder) -> LogicalPlan? {
    guard case .numbers(let numbers) = stage.operands else { return binder.refuse(stage) }
    let blocks = stage.option("blocks")?.value?.int.map { Int(clamping: $0) }
    return binder.bindRange(numbers, blocks: blocks, span: stage.span)
  }
}

extension Binder {
  /// A million blocks of a million rows: every block of a plan is known to the head.
  fileprivate static let rangeRowLimit = 1 << 40

  /// `range N`, `range A, B` or `range A, B, STEP`, cut into a number of blocks if one is given.
  fileprivate mutating func bindRange(_ numbers: [ExpressionSyntax], blocks: Int?, span: SourceSpan) -> LogicalPlan? {
    var values: [Int64] = []
    for number in numbers {
      guard let value = bindConstant(number) else { return nil }
      guard case .int64(let whole) = value else {
        report(Diagnostic(.wrongType, "range takes whole numbers", span: number.span))
        return nil
      }
      values.append(whole)
    }
    if values.count == 3, values[2] == 0 {
      report(Diagnostic(.badStep, "the step of a range can't be 0", span: numbers[2].span))
      return nil
    }
    let count = values.count == 1 ? rangeCount(0, values[0], 1) : rangeCount(values[0], values[1], values.count == 3 ? values[2] : 1)
    guard count <= Self.rangeRowLimit else {
      report(Diagnostic(.invalidCount, .user, "a range has at most \(Self.rangeRowLimit) rows, this has \(count)", span: span))
      return nil
    }
    switch values.count {
    case 1: return .range(start: 0, end: values[0], step: 1, blocks: blocks)
    case 2: return .range(start: values[0], end: values[1], step: 1, blocks: blocks)
    case 3: return .range(start: values[0], end: values[1], step: values[2], blocks: blocks)
    default:
      report(Diagnostic(.wrongCount, "range takes one to three numbers", span: span))
      return nil
    }
  }
}
