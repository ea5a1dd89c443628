// Values written as JSON.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let jsonWriting: [Function] = [
    Function(
      "to_json", .json, ["value"], [Overload([.variable(0)], result: .exact(.string))],
      "A value as JSON: lists as arrays, structures and maps as objects, times as strings; null, NaN and infinite numbers are null.",
      examples: [("to_json({a: [1, null], b: \"x\\\"\"})", "{\"a\":[1,null],\"b\":\"x\\\"\"}"), ("to_json(0 / 0)", "null")]
    ) { _ in
      Kernel(canFail: true, seesNulls: true) { call in
        let operand = call.arguments[0]
        return call.texts { row, output in CellText.appendJSON(operand.column, row: operand.isConstant ? 0 : row, to: output.bytes) }
      }
    }
  ]
}
