// What steps that add one column behind the others have in common.

import DshColumns

/// A step that makes a row of each row of its input: the same columns and, last, one that depends on where the row stands.
protocol AddingOperation: LogicalOperation {
  var added: Field { get }
}

extension AddingOperation {
  public static var inputCount: Int { 1 }
  public var givesRowForRow: Bool { true }
  public func schema(over inputs: [Schema]) -> Schema { Schema(inputs[0].fields + [added]) }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? {
    column < inputs[0].count ? (0, column) : nil
  }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let needed = wanted.filter { $0 < inputs[0].count }
    return PrunedOperation(operation: needed.count < wanted.count ? self : nil, needed: [needed], available: wanted)
  }
}
