// `list_reduce`: the elements of a list folded into one value, all rows of a batch at the same position at once.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let reducing = [
    Function(
      "list_reduce", .list, ["list", "(a, x) -> value", "start"],
      [
        Overload([.anyList, .lambda([.variable(0), .variable(0)], result: .variable(0))], result: .variable(0)),
        Overload([.anyList, .lambda([.variable(1), .variable(0)], result: .variable(1)), .variable(1)], result: .variable(1)),
      ],
      "What a lambda makes of the start and the first element, of that and the second, and so on; without a start it begins with the first element, and an empty list gives null.",
      examples: [
        ("list_reduce([1, 2, 3], (a, x) -> a + x)", "6"), ("list_reduce([2, 3], (a, x) -> a * x, 10)", "60"),
        ("list_reduce([\"a\", \"b\"], (a, x) -> a ++ \"-\" ++ x)", "a-b"),
      ]
    ) { _ in
      Kernel(canFail: true, seesNulls: true) { call in
        guard let lambda = call.lambda, !call.arguments[0].isConstantNull else { return call.allNull() }
        return call.reduce(ListArgument(call.arguments[0]), lambda, start: call.arguments.count > 1 ? call.arguments[1] : nil)
      }
    }
  ]
}

extension Call {
  /// Folds the lists position by position: a step takes one element of each list that is long enough.
  fileprivate func reduce(_ lists: ListArgument, _ lambda: BoundLambda, start: Operand?) -> Column {
    let list = arguments[0]
    var elements = lists.elements
    if case .list(let type) = list.type { elements = elements.retyped(to: type) }
    var active: [Int32] = []
    var finished: [Int32] = []
    for row in 0..<rowCount where list.isValid(row) {
      if start == nil && lists[row].isEmpty { continue }
      active.append(Int32(truncatingIfNeeded: row))
    }
    var pieces: [Column] = []
    var position = 0
    func places() -> RowIndexes {
      RowIndexes(active.lazy.map { Int32(truncatingIfNeeded: lists[Int($0)].lowerBound + position) })
    }
    func take(_ column: Column, _ rows: RowIndexes) -> Column {
      guard let beyond = column.firstPickBeyondLimit(rows) else { return column.gather(rows) }
      errors.record(Int(active[beyond]), part: part) { .batchTextTooLong }
      return Operand(.null, type: column.type).materialized(rowCount: rows.count)
    }
    var value: Column
    if let start {
      value = take(start.column, start.isConstant ? RowIndexes(active.lazy.map { _ in 0 }) : RowIndexes(active))
    } else {
      value = take(elements, places())
      position = 1
    }
    while true {
      var kept: [Int32] = []
      var done: [Int32] = []
      for (index, row) in active.enumerated() {
        if lists[Int(row)].count > position {
          kept.append(Int32(truncatingIfNeeded: index))
        } else {
          done.append(Int32(truncatingIfNeeded: index))
        }
      }
      if !done.isEmpty {
        pieces.append(value.gather(RowIndexes(done)))
        finished += done.map { active[Int($0)] }
        value = value.gather(RowIndexes(kept))
        active = kept.map { active[Int($0)] }
      }
      if active.isEmpty { break }
      value = lambda.evaluate(RowIndexes(active), [value, take(elements, places())]).retyped(to: type)
      position += 1
    }
    var place = [Int32](repeating: -1, count: rowCount)
    for (index, row) in finished.enumerated() { place[Int(row)] = Int32(truncatingIfNeeded: index) }
    return Column.concatenation(pieces, type: type).gather(RowIndexes(place))
  }
}
