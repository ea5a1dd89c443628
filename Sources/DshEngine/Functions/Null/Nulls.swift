// Functions about null and NaN.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let nulls: [Function] = [
    Function(
      "is_null", .null, ["value"], [Overload([.variable(0)], result: .exact(.bool))], "Whether there is no value; also `x == null`.",
      examples: [("is_null(null)", "true"), ("is_null(\"\")", "false")]
    ) { _ in
      Kernel(seesNulls: true) { call in call.bools(.make(count: call.rowCount) { ~call.validWord(0, $0) }) }
    },
    Function(
      "is_not_null", .null, ["value"], [Overload([.variable(0)], result: .exact(.bool))], "Whether there is a value; also `x != null`.",
      examples: [("is_not_null(0)", "true"), ("is_not_null(null)", "false")]
    ) { _ in
      Kernel(seesNulls: true) { call in call.bools(.make(count: call.rowCount) { call.validWord(0, $0) }) }
    },
    Function(
      "??", .operator, ["value", "default"], [Overload([.variable(0), .variable(0)], variadic: true, result: .variable(0))],
      "The first value that is not null; a default is computed only where it is needed.", examples: [("null ?? 2", "2"), ("1 ?? 2", "1")]
    ) { _ in .special },
    Function(
      "coalesce", .null, ["value"], [Overload([.variable(0)], variadic: true, result: .variable(0))],
      "The first of its arguments that is not null: `a ?? b ?? c`.",
      examples: [("coalesce(null, null, 3)", "3"), ("coalesce(null, null)", "null")]
    ) { _ in .special },
    Function(
      "nullif", .null, ["value", "unwanted"], [Overload([.variable(0), .variable(0)], result: .variable(0))],
      "The value, or null if it equals another.", examples: [("nullif(\"N/A\", \"N/A\")", "null"), ("nullif(1, 2)", "1")]
    ) { _ in
      Kernel(seesNulls: true) { call in
        let value = call.arguments[0]
        if value.isConstantNull { return call.allNull() }
        let equal = Comparison.equal.truth(value, call.arguments[1], rowCount: call.rowCount)
        let column = value.materialized(rowCount: call.rowCount)
        return column.withValidity(.make(count: call.rowCount) { call.validWord(0, $0) & ~equal.isTrue.word($0) })
      }
    },
    Function(
      "is_nan", .null, ["x"], [.from(.float64, to: .bool)], "Whether a number is NaN, the result of 0 / 0.",
      examples: [("is_nan(0 / 0)", "true"), ("is_nan(1)", "false")]
    ) { _ in
      Kernel { call in
        let x = FixedArgument<Double>(call.arguments[0])
        return call.predicate { x[$0].isNaN }
      }
    },
    Function(
      "is_infinite", .null, ["x"], [.from(.float64, to: .bool)], "Whether a number is infinite, the result of 1 / 0.",
      examples: [("is_infinite(-1 / 0)", "true"), ("is_infinite(0 / 0)", "false")]
    ) { _ in
      Kernel { call in
        let x = FixedArgument<Double>(call.arguments[0])
        return call.predicate { x[$0].isInfinite }
      }
    },
    Function(
      "is_finite", .null, ["x"], [.from(.float64, to: .bool)], "Whether a number is neither NaN nor infinite.",
      examples: [("is_finite(1 / 0)", "false"), ("is_finite(1e300)", "true")]
    ) { _ in
      Kernel { call in
        let x = FixedArgument<Double>(call.arguments[0])
        return call.predicate { x[$0].isFinite }
      }
    },
  ]
}

extension Call {
  /// Sixty-four rows of an argument's validity.
  @inline(__always) fileprivate func validWord(_ argument: Int, _ index: Int) -> UInt64 {
    let operand = arguments[argument]
    if operand.isConstantNull { return 0 }
    return operand.isConstant ? ~0 : operand.column.validity?.word(index) ?? ~0
  }
}
