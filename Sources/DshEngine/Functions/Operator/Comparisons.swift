// `==`, `!=`, `<`, `<=`, `>` and `>=`.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let comparisons = [
    comparison(
      "==", .equal, "Whether two values are equal; NaN equals nothing here.",
      [("1 == 1.0", "true"), ("\"a\" == \"A\"", "false"), ("1 == null + 1", "null")]),
    comparison("!=", .notEqual, "Whether two values differ.", [("1 != 2", "true")]),
    comparison("<", .less, "Whether the first value comes before the second; text goes by its UTF-8 bytes.", [("\"a\" < \"b\"", "true")]),
    comparison("<=", .lessOrEqual, "Whether the first value does not come after the second.", [("2 <= 1", "false")]),
    comparison(">", .greater, "Whether the first value comes after the second.", [("date(\"2024-02-01\") > date(\"2024-01-31\")", "true")]),
    comparison(">=", .greaterOrEqual, "Whether the first value does not come before the second.", [("true >= false", "true")]),
  ]

  private static func comparison(
    _ symbol: String, _ comparison: Comparison, _ summary: String, _ examples: [(String, String)]
  ) -> Function {
    Function(
      symbol, .operator, ["a", "b"], [Overload([.variable(0), .variable(0)], result: .exact(.bool))], summary, examples: examples
    ) { site in
      Kernel(isCheap: site.types.allSatisfy { $0.fixedWidthBytes != nil }) { call in
        call.bools(comparison.rows(call.arguments[0], call.arguments[1], rowCount: call.rowCount))
      }
    }
  }
}
