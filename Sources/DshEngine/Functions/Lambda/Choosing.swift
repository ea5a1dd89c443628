// Functions of lists with a lambda that is a condition on elements.

import DshColumns
import DshPlan

extension FunctionRegistry {
  private static let condition = TypePattern.elementLambda(to: .exact(.bool))

  static let choosing = [
    choosingFunction(
      "list_filter", "The elements for which a condition is true.",
      [("list_filter([1, 5, null, 3], x -> x > 2)", "[5, 3]"), ("list_filter([\"a\", \"\"], w -> w != \"\")", "[a]")]
    ) { range, isTrue in range.filter { isTrue[$0] } },
    choosingFunction(
      "list_take_while", "The elements before the first for which a condition is not true.",
      [("list_take_while([1, 2, 5, 1], x -> x < 3)", "[1, 2]"), ("list_take_while([5], x -> x < 3)", "[]")]
    ) { range, isTrue in Array(range.prefix { isTrue[$0] }) },
    choosingFunction(
      "list_drop_while", "The elements from the first on for which a condition is not true.",
      [("list_drop_while([1, 2, 5, 1], x -> x < 3)", "[5, 1]"), ("list_drop_while([1], x -> x < 3)", "[]")]
    ) { range, isTrue in Array(range.drop { isTrue[$0] }) },
    Function(
      "list_find", .list, ["list", "x -> condition"], [Overload([.anyList, condition], result: .variable(0))],
      "The first element for which a condition is true; null if there is none.",
      examples: [("list_find([1, 5, 7], x -> x > 2)", "5"), ("list_find([1], x -> x > 2)", "null")]
    ) { _ in
      Kernel(canFail: true) { call in
        guard let lambda = call.lambda else { return call.allNull() }
        let flat = FlatElements(ListArgument(call.arguments[0]), call)
        let isTrue = lambda.truth(flat, call).isTrue
        return call.elements(of: flat.elements) { row in flat[row].first { isTrue[$0] }.map { Int(flat.places.pointer[$0]) } }
      }
    },
    Function(
      "list_count_if", .list, ["list", "x -> condition"], [Overload([.anyList, condition], result: .exact(.int64))],
      "How many elements there are for which a condition is true.",
      examples: [("list_count_if([1, 5, null, 7], x -> x > 2)", "2"), ("list_count_if([], x -> true)", "0")]
    ) { _ in
      Kernel(canFail: true) { call in
        guard let lambda = call.lambda else { return call.allNull() }
        let flat = FlatElements(ListArgument(call.arguments[0]), call)
        let isTrue = lambda.truth(flat, call).isTrue
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            var count: Int64 = 0
            for index in flat[row] where isTrue[index] { count += 1 }
            output[row] = count
          }
        }
      }
    },
    deciding(
      "list_any", "Whether a condition is true for an element; null if that hangs on a null. Without a condition the elements are bool.",
      decisive: true,
      [("list_any([1, 5], x -> x > 2)", "true"), ("list_any([1, null], x -> x > 2)", "null"), ("list_any([], x -> true)", "false")]),
    deciding(
      "list_all", "Whether a condition is true for every element; null if that hangs on a null. Without a condition the elements are bool.",
      decisive: false,
      [("list_all([3, 5], x -> x > 2)", "true"), ("list_all([3, null], x -> x > 2)", "null"), ("list_all([true, false])", "false")]),
  ]

  private static func choosingFunction(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ choose: @escaping @Sendable (Range<Int>, Bitmap) -> [Int]
  ) -> Function {
    Function(
      name, .list, ["list", "x -> condition"], [Overload([.anyList, condition], result: .anyList)], summary, examples: examples
    ) { _ in
      Kernel(canFail: true) { call in
        guard let lambda = call.lambda else { return call.allNull() }
        let flat = FlatElements(ListArgument(call.arguments[0]), call)
        let isTrue = lambda.truth(flat, call).isTrue
        return call.lists([flat.elements]) { row, places in
          for index in choose(flat[row], isTrue) { places.append(flat.places.pointer[index]) }
        }
      }
    }
  }

  /// A function that one element decides: the first truth of that kind.
  private static func deciding(_ name: String, _ summary: String, decisive: Bool, _ examples: [(String, String)]) -> Function {
    let overloads = [Overload([.anyList, condition], result: .exact(.bool)), .from(.list(.bool), to: .bool)]
    return Function(name, .list, ["list", "x -> condition"], overloads, summary, examples: examples) { _ in
      Kernel(canFail: true) { call in
        let flat = FlatElements(ListArgument(call.arguments[0]), call)
        let truth = call.lambda?.truth(flat, call) ?? Truth(Operand(flat.elements.gather(flat.places)), rowCount: flat.rows.count)
        var decided = [Bool](repeating: false, count: call.rowCount)
        let validity = Bitmap.make(count: call.rowCount) { word in
          var bits: UInt64 = 0
          for row in word * 64..<min(call.rowCount, word * 64 + 64) {
            var isOpen = false
            for index in flat[row] {
              let isNull = truth.isNull?[index] ?? false
              if isNull { isOpen = true } else if truth.isTrue[index] == decisive { decided[row] = true }
            }
            if decided[row] || !isOpen { bits |= 1 &<< UInt64(row & 63) }
          }
          return bits
        }
        return call.predicate { decided[$0] == decisive }.withValidity(validity)
      }
    }
  }
}

extension BoundLambda {
  /// The truth of a condition for each of some elements of lists.
  func truth(_ flat: FlatElements, _ call: Call) -> Truth {
    Truth(Operand(evaluate(flat, call).retyped(to: .bool)), rowCount: flat.rows.count)
  }
}
