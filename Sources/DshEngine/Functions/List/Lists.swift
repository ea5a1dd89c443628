// Functions of lists.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let lists: [Function] = listAccess + listEditing + listSearching + listStatistics + listShaping

  private static let listAccess: [Function] = [
    Function(
      "first", .list, ["list"], [Overload([.list(.variable(0))], result: .variable(0))], "The first element; null of an empty list.",
      examples: [("first([1, 2])", "1"), ("first([])", "null")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        return call.elements(of: lists.elements) { lists[$0].first }
      }
    },
    Function(
      "last", .list, ["list"], [Overload([.list(.variable(0))], result: .variable(0))], "The last element; null of an empty list.",
      examples: [("last([1, 2])", "2"), ("last([1])", "1")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        return call.elements(of: lists.elements) { lists[$0].last }
      }
    },
    Function(
      "join", .list, ["list", "separator"], [.from(.list(.string), .string, to: .string)],
      "The texts of a list in one text; nulls are skipped.",
      examples: [("join([\"a\", \"b\"], \"-\")", "a-b"), ("join(split(\"a b\", \" \"), \"\")", "ab")]
    ) { _ in
      Kernel(canFail: true) { call in
        let lists = ListArgument(call.arguments[0])
        let separators = TextArgument(call.arguments[1])
        // The elements of a list of nothing but nulls have no text.
        guard lists.elements.type == .string else { return call.texts { _, _ in } }
        let texts = TextArgument(lists.elements)
        return call.texts { row, output in
          var isFirst = true
          for index in lists[row] where lists.elements.isValid(index) {
            if !isFirst { output.append(separators[row]) }
            output.append(texts[index])
            isFirst = false
          }
        }
      }
    },
    Function(
      "slice", .list, ["list", "start", "count"],
      [Overload([.list(.variable(0)), .exact(.int64), .exact(.int64)], optional: 1, result: .list(.variable(0)))],
      "The elements from an index, counted from 0 or from the end if negative, up to a count.",
      examples: [("slice([1, 2, 3, 4], 1, 2)", "[2, 3]"), ("slice([1, 2, 3], -2)", "[2, 3]")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        let starts = FixedArgument<Int64>(call.arguments[1])
        let counts = call.arguments.count > 2 ? FixedArgument<Int64>(call.arguments[2]) : nil
        return call.lists([lists.elements]) { row, places in
          let range = lists[row]
          let start = starts[row] >= 0 ? min(starts[row], Int64(range.count)) : max(0, Int64(range.count) + max(starts[row], -Int64.max))
          let count = min(max(0, counts?[row] ?? .max), Int64(range.count) - start)
          for index in 0..<Int(count) { places.append(Int32(truncatingIfNeeded: range.lowerBound + Int(start) + index)) }
        }
      }
    },
    Function(
      "list_sort", .list, ["list"], [Overload([.list(.variable(0))], result: .list(.variable(0)))],
      "The elements in ascending order, nulls last.",
      examples: [("list_sort([3, null, 1, 2])", "[1, 2, 3, null]"), ("list_sort([\"b\", \"a\"])", "[a, b]")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        return call.lists([lists.elements]) { row, places in
          for index in lists.sorted(row) { places.append(Int32(truncatingIfNeeded: index)) }
        }
      }
    },
    Function(
      "list_unique", .list, ["list"], [Overload([.list(.variable(0))], result: .list(.variable(0)))],
      "The distinct elements in ascending order, nulls left out.",
      examples: [("list_unique([2, 1, 2, null])", "[1, 2]"), ("list_unique([\"x\", \"x\"])", "[x]")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        return call.lists([lists.elements]) { row, places in
          var last: Int?
          for index in lists.sorted(row) where lists.elements.isValid(index) {
            if let last, RowOrder.compare(lists.elements, last, lists.elements, index) == 0 { continue }
            places.append(Int32(truncatingIfNeeded: index))
            last = index
          }
        }
      }
    },
    Function(
      "list_sum", .list, ["list"], [.from(.list(.int64), to: .int64), .from(.list(.float64), to: .float64)],
      "The sum of the elements; nulls are skipped, null of no values.",
      examples: [("list_sum([1, 2, null])", "3"), ("list_sum([0.5, 1])", "1.5")]
    ) { site in
      if site.result == .float64 {
        return Kernel { call in
          let lists = ListArgument(call.arguments[0])
          let numbers = lists.elements.fixed(Double.self)
          return call.mapOptional(Double.self) { row in
            lists[row].reduce(Double?.none) { sum, index in lists.elements.isValid(index) ? (sum ?? 0) + (numbers?[index] ?? 0) : sum }
          }
        }
      }
      return Kernel(canFail: true) { call in
        let lists = ListArgument(call.arguments[0])
        let numbers = lists.elements.fixed(Int64.self)
        return call.mapOptional(Int64.self) { row in
          var sum: Int64?
          for index in lists[row] where lists.elements.isValid(index) {
            let (total, overflow) = (sum ?? 0).addingReportingOverflow(numbers?[index] ?? 0)
            sum = total
            if overflow { call.fail(row, .integerOverflow("list_sum")) }
          }
          return sum
        }
      }
    },
    extreme("list_min", "The smallest element; null of no values.", [("list_min([3, 1, null])", "1"), ("list_min([\"b\", \"a\"])", "a")]) {
      $0.first
    },
    extreme("list_max", "The largest element; null of no values.", [("list_max([\"a\", \"b\"])", "b"), ("list_max([2.5, 1])", "2.5")]) {
      $0.last
    },
  ]

  private static func extreme(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ pick: @escaping @Sendable ([Int]) -> Int?
  ) -> Function {
    Function(name, .list, ["list"], [Overload([.list(.variable(0))], result: .variable(0))], summary, examples: examples) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        return call.elements(of: lists.elements) { row in pick(lists.sorted(row).filter { lists.elements.isValid($0) }) }
      }
    }
  }
}

extension ListArgument {
  /// The indexes of a row's elements in ascending order of their values, nulls last.
  func sorted(_ row: Int) -> [Int] {
    self[row].sorted { a, b in
      let order = RowOrder.compareNullable(elements, a, elements, b)
      return order == 0 ? a < b : order < 0
    }
  }
}
