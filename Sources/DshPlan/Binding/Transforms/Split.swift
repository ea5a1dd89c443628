// Binds `split`: one part of the rows; a statement that names several has a stage for each.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `split SHARE, … --part=K`.
struct SplitBinding: TransformBinding {
  let verb = Verb.ID.split

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .numbers(let numbers) = stage.operands else { return binder.refuse(stage) }
    return binder.bindSplit(numbers, stage, over: input)
  }
}

extension Binder {
  /// Shares that are written with a few digits may add up to a little more than they say.
  private static let tolerance = 1e-9

  fileprivate mutating func bindSplit(_ shares: [ExpressionSyntax], _ stage: StageSyntax, over input: LogicalPlan) -> LogicalPlan {
    var bounds = [0.0]
    for share in shares {
      guard let part = bindShare(share) else { return input }
      bounds.append(bounds[bounds.count - 1] + part)
      if bounds[bounds.count - 1] > 1 + Self.tolerance {
        report(Diagnostic(.invalidCount, .user, "the shares are more than all rows", span: share.span))
        return input
      }
    }
    bounds.append(1)
    guard let option = stage.option("part"), let part = option.value?.int else {
      report(
        Diagnostic(
          .missingName, .user, "split makes several datasets", span: stage.verb.span,
          suggestion: "name them: train, test = … | split 0.8; or take one of them: --part=1"))
      return input
    }
    guard 1..<Int64(bounds.count) ~= part else {
      report(
        Diagnostic(
          .invalidOptionValue, .user,
          "there \(shares.count == 1 ? "is 1 share" : "are \(shares.count) shares"), so there are \(bounds.count - 1) parts",
          span: option.span))
      return input
    }
    return .operation(Operation(Sample(from: min(1, bounds[Int(part) - 1]), to: min(1, bounds[Int(part)]), seed: stage.seed)), [input])
  }
}
