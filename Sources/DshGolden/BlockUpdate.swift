// What a golden file should say after an update.

extension BlockResult {
  /// The block's expected lines after an update: those that still match stay as written, wildcards and elisions included.
  var updatedLines: [String] {
    if passed { return block.expected }
    return steps.flatMap { step -> [String] in
      switch step {
      case .same(let expected, _), .elided(let expected, _): [block.expected[expected]]
      case .missing: []
      case .extra(let index): [actual[index].spelled]
      }
    }
  }
}
