// Where an element is, how many there are, and lists as sets.

import DshColumns
import DshPlan

extension FunctionRegistry {
  private static let twoLists = [Overload([.anyList, .anyList], result: .exact(.bool))]
  private static let twoListsToList = [Overload([.anyList, .anyList], result: .anyList)]

  static let listSearching: [Function] = [
    Function(
      "list_position", .list, ["list", "value"], [Overload([.anyList, .variable(0)], result: .exact(.int64))],
      "The index of the first element that equals a value, from 0 as `[]` counts; null if there is none.",
      examples: [("list_position([\"a\", \"b\"], \"b\")", "1"), ("list_position([1, 2], 3)", "null")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        let value = call.arguments[1]
        return call.mapOptional(Int64.self) { row in
          let range = lists[row]
          let found = range.first { index in
            lists.elements.isValid(index) && RowOrder.compare(lists.elements, index, value.column, value.isConstant ? 0 : row) == 0
          }
          return found.map { Int64($0 - range.lowerBound) }
        }
      }
    },
    counting("list_count", "How many elements are not null.", [("list_count([1, null, 2])", "2"), ("list_count([])", "0")]) { lists, row in
      lists[row].reduce(0) { $0 + (lists.elements.isValid($1) ? 1 : 0) }
    },
    counting(
      "list_unique_count", "How many different elements there are, nulls left out.",
      [("list_unique_count([1, 2, 1, null])", "2"), ("list_unique_count([])", "0")]
    ) { lists, row in ElementSet(lists, row).count },
    Function(
      "list_has_any", .list, ["a", "b"], twoLists, "Whether two lists have an element in common; nulls equal nothing.",
      examples: [("list_has_any([1, 2], [2, 3])", "true"), ("list_has_any([1], [null])", "false")]
    ) { _ in
      Kernel { call in
        let (a, b) = (ListArgument(call.arguments[0]), ListArgument(call.arguments[1]))
        return call.predicate { row in
          guard call.isValid(row) else { return false }
          let set = ElementSet(b, row)
          return a[row].contains { set.contains(a, $0) }
        }
      }
    },
    Function(
      "list_has_all", .list, ["a", "b"], twoLists, "Whether the first list has every element of the second; nulls are skipped.",
      examples: [("list_has_all([1, 2, 3], [3, 1])", "true"), ("list_has_all([1], [1, 2])", "false")]
    ) { _ in
      Kernel { call in
        let (a, b) = (ListArgument(call.arguments[0]), ListArgument(call.arguments[1]))
        return call.predicate { row in
          guard call.isValid(row) else { return false }
          let set = ElementSet(a, row)
          return b[row].allSatisfy { !b.elements.isValid($0) || set.contains(b, $0) }
        }
      }
    },
    settled(
      "list_intersect", "The different elements that two lists have in common, in the order of the first; nulls are left out.",
      [("list_intersect([3, 1, 2, 3], [3, 2])", "[3, 2]"), ("list_intersect([1], [2])", "[]")]
    ) { $0.contains($1, $2) },
    settled(
      "list_except", "The different elements of the first list that the second does not have; nulls are left out.",
      [("list_except([3, 1, 2, 3], [2])", "[3, 1]"), ("list_except([1], [1])", "[]")]
    ) { !$0.contains($1, $2) },
    Function(
      "list_union", .list, ["a", "b"], twoListsToList, "The different elements of two lists, in order; nulls are left out.",
      examples: [("list_union([2, 1], [3, 2])", "[2, 1, 3]"), ("list_union([], [1, 1])", "[1]")]
    ) { _ in
      Kernel(canFail: true) { call in
        let (a, b) = (ListArgument(call.arguments[0]), ListArgument(call.arguments[1]))
        return call.lists([a.elements, b.elements]) { row, places in
          let first = ElementSet(a, row)
          for index in first.inOrder { places.append(Int32(truncatingIfNeeded: index)) }
          for index in ElementSet(b, row).inOrder where !first.contains(b, index) {
            places.append(Int32(truncatingIfNeeded: a.elements.count + index))
          }
        }
      }
    },
  ]

  private static func counting(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ count: @escaping @Sendable (ListArgument, Int) -> Int
  ) -> Function {
    Function(name, .list, ["list"], [Overload([.anyList], result: .exact(.int64))], summary, examples: examples) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount { output[row] = call.isValid(row) ? Int64(count(lists, row)) : 0 }
        }
      }
    }
  }

  private static func settled(
    _ name: String, _ summary: String, _ examples: [(String, String)],
    _ isKept: @escaping @Sendable (ElementSet, ListArgument, Int) -> Bool
  ) -> Function {
    Function(name, .list, ["a", "b"], twoListsToList, summary, examples: examples) { _ in
      Kernel { call in
        let (a, b) = (ListArgument(call.arguments[0]), ListArgument(call.arguments[1]))
        return call.lists([a.elements]) { row, places in
          let set = ElementSet(b, row)
          for index in ElementSet(a, row).inOrder where isKept(set, a, index) { places.append(Int32(truncatingIfNeeded: index)) }
        }
      }
    }
  }
}

/// The different elements of one list that are not null, ascending, so that one is found by halving.
private struct ElementSet {
  private let elements: Column
  private let indexes: [Int]

  init(_ lists: ListArgument, _ row: Int) {
    elements = lists.elements
    var kept: [Int] = []
    for index in lists.sorted(row) where lists.elements.isValid(index) {
      if let last = kept.last, RowOrder.compare(lists.elements, last, lists.elements, index) == 0 { continue }
      kept.append(index)
    }
    indexes = kept
  }

  var count: Int { indexes.count }

  /// The first of each kind, in the order of the list.
  var inOrder: [Int] { indexes.sorted() }

  func contains(_ lists: ListArgument, _ index: Int) -> Bool {
    guard lists.elements.isValid(index) else { return false }
    var (low, high) = (0, indexes.count)
    while low < high {
      let middle = (low + high) / 2
      let order = RowOrder.compare(elements, indexes[middle], lists.elements, index)
      if order == 0 { return true }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return false
  }
}
