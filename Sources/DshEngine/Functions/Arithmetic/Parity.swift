// Whether whole numbers are even or odd.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let parity = [
    Function(
      "is_even", .arithmetic, ["x"], [.from(.int64, to: .bool)], "Whether 2 divides a whole number.",
      examples: [("is_even(4)", "true"), ("is_even(-3)", "false")]
    ) { _ in
      Kernel { call in
        let x = FixedArgument<Int64>(call.arguments[0])
        return call.predicate { x[$0] & 1 == 0 }
      }
    },
    Function(
      "is_odd", .arithmetic, ["x"], [.from(.int64, to: .bool)], "Whether 2 does not divide a whole number.",
      examples: [("is_odd(4)", "false"), ("is_odd(-3)", "true")]
    ) { _ in
      Kernel { call in
        let x = FixedArgument<Int64>(call.arguments[0])
        return call.predicate { x[$0] & 1 != 0 }
      }
    },
  ]
}
