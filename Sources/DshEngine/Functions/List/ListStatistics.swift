// Numbers computed of the elements of a list.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let listStatistics: [Function] = [
    statistic(
      "list_mean", "The mean of the elements; nulls are skipped, null of no values.",
      [("list_mean([1, 2, null, 6])", "3.0"), ("list_mean([])", "null")]
    ) { $0.isEmpty ? nil : sum($0) / Double($0.count) },
    statistic(
      "list_median", "The middle of the elements, between two of them their mean; nulls are skipped, null of no values.",
      [("list_median([5, 1, 3])", "3.0"), ("list_median([4, 1, 2, 3])", "2.5")]
    ) { numbers in
      let sorted = numbers.sorted { RowOrder.compare($0, $1) < 0 }
      guard let upper = sorted.dropFirst(sorted.count / 2).first else { return nil }
      if sorted.count % 2 == 1 { return upper }
      let lower = sorted[sorted.count / 2 - 1]
      return lower == upper ? upper : lower / 2 + upper / 2
    },
    statistic(
      "list_std", "The sample standard deviation of the elements; nulls are skipped, null of fewer than two values.",
      [("list_std([1, 3])", "1.4142135623730951"), ("list_std([2, 2, 2])", "0.0")]
    ) { numbers in
      if numbers.count < 2 { return nil }
      let mean = sum(numbers) / Double(numbers.count)
      return (sum(numbers.map { ($0 - mean) * ($0 - mean) }) / Double(numbers.count - 1)).squareRoot()
    },
    statistic(
      "list_product", "The product of the elements; nulls are skipped, null of no values.",
      [("list_product([2, 3, null, 4])", "24.0"), ("list_product([])", "null")]
    ) { $0.isEmpty ? nil : $0.reduce(1, *) },
    pairing(
      "list_dot", "The dot product of two lists of the same length; null if an element is.",
      [("list_dot([1, 2, 3], [4, 5, 6])", "32.0"), ("list_dot([1], [null])", "null")]
    ) { a, b in sum(zip(a, b).map { $0 * $1 }) },
    pairing(
      "list_cosine", "The cosine of the angle between two lists of the same length; null if an element is, NaN if one is all zeros.",
      [("list_cosine([1, 0], [0, 1])", "0.0"), ("round(list_cosine([1, 2], [2, 4]), 9)", "1.0")]
    ) { a, b in
      sum(zip(a, b).map { $0 * $1 }) / (sum(a.map { $0 * $0 }).squareRoot() * sum(b.map { $0 * $0 }).squareRoot())
    },
    pairing(
      "list_distance", "The Euclidean distance of two lists of the same length; null if an element is.",
      [("list_distance([0, 0], [3, 4])", "5.0"), ("list_distance([1], [1])", "0.0")]
    ) { a, b in sum(zip(a, b).map { ($0 - $1) * ($0 - $1) }).squareRoot() },
  ]

  /// The sum, exact until it is rounded once.
  private static func sum(_ numbers: [Double]) -> Double {
    guard numbers.count > 2, numbers.allSatisfy(\.isFinite) else { return numbers.reduce(0, +) }
    var exact = ExactNumber()
    for number in numbers { exact.add(number) }
    return exact.rounded
  }

  private static func statistic(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ compute: @escaping @Sendable ([Double]) -> Double?
  ) -> Function {
    Function(name, .list, ["list"], [.from(.list(.float64), to: .float64)], summary, examples: examples) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        let numbers = lists.elements.fixed(Double.self)
        return call.mapOptional(Double.self) { row in
          compute(lists[row].compactMap { lists.elements.isValid($0) ? numbers?[$0] : nil })
        }
      }
    }
  }

  private static func pairing(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ compute: @escaping @Sendable ([Double], [Double]) -> Double
  ) -> Function {
    Function(name, .list, ["a", "b"], [.from(.list(.float64), .list(.float64), to: .float64)], summary, examples: examples) { _ in
      Kernel(canFail: true) { call in
        let (a, b) = (ListArgument(call.arguments[0]), ListArgument(call.arguments[1]))
        let (left, right) = (a.elements.fixed(Double.self), b.elements.fixed(Double.self))
        return call.mapOptional(Double.self) { row in
          let (first, second) = (a[row], b[row])
          guard first.count == second.count else {
            call.fail(row, Diagnostic(.badArgument, "\(name) is of two lists of the same length, not \(first.count) and \(second.count)"))
            return nil
          }
          guard first.allSatisfy({ a.elements.isValid($0) }), second.allSatisfy({ b.elements.isValid($0) }) else { return nil }
          return compute(first.map { left?[$0] ?? 0 }, second.map { right?[$0] ?? 0 })
        }
      }
    }
  }
}
