// Binds `repartition`: a number of blocks or their size, and the columns whose equal rows stay together.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `repartition N --by=NAME,…`, `repartition --bytes=SIZE`.
struct RepartitionBinding: TransformBinding {
  let verb = Verb.ID.repartition

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .count(let count) = stage.operands else { return binder.refuse(stage) }
    return binder.bindRepartition(count, stage, over: input)
  }
}

extension Binder {
  fileprivate mutating func bindRepartition(_ count: ExpressionSyntax?, _ stage: StageSyntax, over input: LogicalPlan) -> LogicalPlan {
    let bytes = stage.option("bytes")
    var keys: [Int] = []
    if let by = stage.option("by"), let names = by.value?.list {
      for name in names {
        if let index = input.schema.index(of: name) {
          if !keys.contains(index) { keys.append(index) }
        } else {
          reportUnknownColumn(name, span: by.span, schema: input.schema)
        }
      }
      if let bytes {
        report(
          Diagnostic(
            .wrongCount, "how many rows have the same keys is not known: --by takes a number of blocks, not --bytes", span: bytes.span))
      }
    }
    switch (count, bytes?.value?.sizeBytes) {
    case (let count?, nil):
      guard let blocks = bindCount(count) else { return input }
      guard 1...Limits.blocks ~= Int64(blocks), keys.isEmpty || blocks <= Repartition.largestKeyedCount else {
        let most = keys.isEmpty ? groupedText(Int(Limits.blocks)) : groupedText(Repartition.largestKeyedCount)
        report(Diagnostic(.invalidCount, .user, "a number of blocks is from 1 to \(most)", span: count.span))
        return input
      }
      return .operation(Operation(Repartition(.blocks(blocks), keys: keys)), [input])
    case (nil, let size?): return .operation(Operation(Repartition(.bytes(Int(clamping: size)), keys: keys)), [input])
    case (_?, _?):
      report(Diagnostic(.wrongCount, "repartition takes a number of blocks or --bytes, not both", span: bytes?.span ?? stage.verb.span))
    case (nil, nil):
      report(
        Diagnostic(
          .missingOperand, .user, "repartition needs a number of blocks, or --bytes", span: stage.verb.span,
          suggestion: "such as repartition 8 or repartition --bytes=16M"))
    }
    return input
  }
}

extension Repartition {
  /// Every task cuts its rows into so many parts at most: each is a buffer of its own for a while.
  public static let largestKeyedCount = 4096
}
