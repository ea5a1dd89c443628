// `and`, `or` and `not` with three-valued logic.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let logic = [
    Function(
      "and", .operator, ["a", "b"], [.from(.bool, .bool, variadic: true, to: .bool)],
      "Whether both hold; false and null is false. The second is computed only where the first leaves the answer open.",
      examples: [("true and false", "false"), ("false and null", "false"), ("true and null", "null")]
    ) { _ in .special },
    Function(
      "or", .operator, ["a", "b"], [.from(.bool, .bool, variadic: true, to: .bool)],
      "Whether one holds; true or null is true. The second is computed only where the first leaves the answer open.",
      examples: [("true or false", "true"), ("true or null", "true"), ("false or null", "null")]
    ) { _ in .special },
    Function(
      "not", .operator, ["a"], [.from(.bool, to: .bool)], "Turns true into false and false into true.",
      examples: [("not true", "false"), ("not null", "null")]
    ) { _ in
      Kernel { call in
        let argument = BoolArgument(call.arguments[0])
        return call.bools(.make(count: call.rowCount) { ~argument.word($0) })
      }
    },
  ]
}

extension Kernel {
  /// Stands for functions that are kinds of nodes of their own, because they do not need all their arguments for every row.
  static let special = Kernel { call in call.allNull() }
}
