// Lists with elements added, left out or cut.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  private static let listAndElement = [Overload([.anyList, .variable(0)], result: .anyList)]
  private static let listAndCount = [Overload([.anyList, .exact(.int64)], result: .anyList)]

  static let listEditing: [Function] = [
    Function(
      "list_append", .list, ["list", "value"], listAndElement, "The list with one more element at the end, which may be null.",
      examples: [("list_append([1, 2], 3)", "[1, 2, 3]"), ("list_append([\"a\"], null)", "[a, null]")]
    ) { _ in Kernel(canFail: true, seesNulls: true) { $0.listWithElement(atStart: false) } },
    Function(
      "list_prepend", .list, ["list", "value"], listAndElement, "The list with one more element at the start, which may be null.",
      examples: [("list_prepend([1, 2], 0)", "[0, 1, 2]"), ("list_prepend([], \"a\")", "[a]")]
    ) { _ in Kernel(canFail: true, seesNulls: true) { $0.listWithElement(atStart: true) } },
    Function(
      "list_concat", .list, ["list"], [Overload([.anyList], variadic: true, result: .anyList)],
      "The elements of several lists, skipping lists that are null (`++` gives null instead).",
      examples: [("list_concat([1], [2, 3], [4])", "[1, 2, 3, 4]"), ("list_concat([1], null)", "[1]")]
    ) { _ in
      Kernel(canFail: true, seesNulls: true) { call in
        let parts = call.arguments.filter { !$0.isConstantNull }
        let lists = parts.map { ListArgument($0) }
        var starts: [Int] = []
        var total = 0
        for list in lists {
          starts.append(total)
          total += list.elements.count
        }
        return call.lists(lists.map(\.elements)) { row, places in
          for (index, part) in parts.enumerated() where part.isValid(row) {
            for element in lists[index][row] { places.append(Int32(truncatingIfNeeded: starts[index] + element)) }
          }
        }
      }
    },
    picking(
      "list_take", ["list", "count"], listAndCount, "The first elements; the last -count if the count is negative.",
      [("list_take([1, 2, 3], 2)", "[1, 2]"), ("list_take([1, 2, 3], -2)", "[2, 3]")]
    ) { range, count in count >= 0 ? range.prefix(Int(clamping: count)) : range.suffix(Int(clamping: 0 - max(count, -Int64.max))) },
    picking(
      "list_drop", ["list", "count"], listAndCount, "All but the first elements; all but the last -count if the count is negative.",
      [("list_drop([1, 2, 3], 1)", "[2, 3]"), ("list_drop([1, 2, 3], -1)", "[1, 2]")]
    ) { range, count in count >= 0 ? range.dropFirst(Int(clamping: count)) : range.dropLast(Int(clamping: 0 - max(count, -Int64.max))) },
    Function(
      "list_remove", .list, ["list", "value"], listAndElement, "The elements that differ from a value, nulls included.",
      examples: [("list_remove([1, 2, 1, 3], 1)", "[2, 3]"), ("list_remove([\"a\", null], \"a\")", "[null]")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        let value = call.arguments[1]
        return call.lists([lists.elements]) { row, places in
          for index in lists[row] {
            let isEqual =
              lists.elements.isValid(index)
              && RowOrder.compare(lists.elements, index, value.column, value.isConstant ? 0 : row) == 0
            if !isEqual { places.append(Int32(truncatingIfNeeded: index)) }
          }
        }
      }
    },
    Function(
      "list_drop_nulls", .list, ["list"], [Overload([.anyList], result: .anyList)], "The elements that are not null.",
      examples: [("list_drop_nulls([1, null, 2])", "[1, 2]"), ("list_drop_nulls([null])", "[]")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        return call.lists([lists.elements]) { row, places in
          for index in lists[row] where lists.elements.isValid(index) { places.append(Int32(truncatingIfNeeded: index)) }
        }
      }
    },
    Function(
      "list_repeat", .list, ["value", "count"], [Overload([.variable(0), .exact(.int64)], result: .anyList)],
      "A list of a value over and over, which may be null.",
      examples: [("list_repeat(0, 3)", "[0, 0, 0]"), ("list_repeat(\"a\", 0)", "[]")]
    ) { _ in
      Kernel(canFail: true, seesNulls: true) { call in
        let (value, counts) = (call.arguments[0], call.arguments[1])
        if counts.isConstantNull { return call.allNull() }
        let count = FixedArgument<Int64>(counts)
        let lists = call.lists([value.column]) { row, places in
          guard counts.isValid(row) else { return }
          guard count[row] <= ListArgument.elementLimit else { return call.fail(row, .listTooLong) }
          for _ in 0..<max(0, count[row]) { places.append(Int32(truncatingIfNeeded: value.isConstant ? 0 : row)) }
        }
        return lists.withValidity(counts.isConstant ? nil : counts.column.validity)
      }
    },
  ]

  private static func picking(
    _ name: String, _ parameters: [String], _ overloads: [Overload], _ summary: String, _ examples: [(String, String)],
    _ pick: @escaping @Sendable (Range<Int>, Int64) -> Range<Int>
  ) -> Function {
    Function(name, .list, parameters, overloads, summary, examples: examples) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        let counts = FixedArgument<Int64>(call.arguments[1])
        return call.lists([lists.elements]) { row, places in
          for index in pick(lists[row], counts[row]) { places.append(Int32(truncatingIfNeeded: index)) }
        }
      }
    }
  }
}

extension Call {
  /// The list, null where it is null, with the value before or behind its elements.
  fileprivate func listWithElement(atStart: Bool) -> Column {
    let (list, value) = (arguments[0], arguments[1])
    if list.isConstantNull { return allNull() }
    let lists = ListArgument(list)
    let start = lists.elements.count
    let result = self.lists([lists.elements, value.column]) { row, places in
      guard list.isValid(row) else { return }
      let place = Int32(truncatingIfNeeded: start + (value.isConstant ? 0 : row))
      if atStart { places.append(place) }
      for index in lists[row] { places.append(Int32(truncatingIfNeeded: index)) }
      if !atStart { places.append(place) }
    }
    return result.withValidity(list.isConstant ? nil : list.column.validity)
  }
}
