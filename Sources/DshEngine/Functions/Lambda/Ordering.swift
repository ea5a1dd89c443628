// Functions of lists with a lambda that gives each element a key.

import DshColumns
import DshPlan

extension FunctionRegistry {
  private static let key = TypePattern.lambda([.variable(0)], result: .ordered(1))

  static let ordering = [
    Function(
      "list_sort_by", .list, ["list", "x -> key"], [Overload([.anyList, key], result: .anyList)],
      "The elements by ascending keys, nulls last; elements with the same key stay in order.",
      examples: [
        ("list_sort_by([\"ccc\", \"a\", \"bb\"], w -> length(w))", "[a, bb, ccc]"), ("list_sort_by([1, 3, 2], x -> -x)", "[3, 2, 1]"),
      ]
    ) { _ in
      Kernel(canFail: true) { call in
        guard let lambda = call.lambda else { return call.allNull() }
        let flat = FlatElements(ListArgument(call.arguments[0]), call)
        let keys = lambda.evaluate(flat, call)
        return call.lists([flat.elements]) { row, places in
          let sorted = flat[row].sorted { a, b in
            let order = RowOrder.compareNullable(keys, a, keys, b)
            return order == 0 ? a < b : order < 0
          }
          for index in sorted { places.append(flat.places.pointer[index]) }
        }
      }
    },
    extreme(
      "list_max_by", "The element with the greatest key, the first of several; null if no key is there.", .greater,
      [("list_max_by([\"a\", \"ccc\", \"bb\"], w -> length(w))", "ccc"), ("list_max_by([], x -> x)", "null")]),
    extreme(
      "list_min_by", "The element with the least key, the first of several; null if no key is there.", .less,
      [("list_min_by([\"bb\", \"a\", \"c\"], w -> length(w))", "a"), ("list_min_by([-5, 2], x -> abs(x))", "2")]),
  ]

  private static func extreme(_ name: String, _ summary: String, _ wanted: Comparison, _ examples: [(String, String)]) -> Function {
    Function(name, .list, ["list", "x -> key"], [Overload([.anyList, key], result: .variable(0))], summary, examples: examples) { _ in
      Kernel(canFail: true) { call in
        guard let lambda = call.lambda else { return call.allNull() }
        let flat = FlatElements(ListArgument(call.arguments[0]), call)
        let keys = lambda.evaluate(flat, call)
        return call.elements(of: flat.elements) { row in
          var best: Int?
          for index in flat[row] where keys.isValid(index) {
            if let best, !wanted.holds(RowOrder.compare(keys, index, keys, best)) { continue }
            best = index
          }
          return best.map { Int(flat.places.pointer[$0]) }
        }
      }
    }
  }
}
