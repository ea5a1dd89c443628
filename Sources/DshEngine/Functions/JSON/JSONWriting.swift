// Values written as JSON.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let jsonWriting: [Function] = [
    Function(
      "to_json", .json, ["value"], [Overload([.variable(0)], result: .exact(.string))],
      "A value as JSON: lists as arrays, structures as objects, times as strings; null, NaN and infinite numbers are null.",
      examples: [("to_json({a: [1, null], b: \"x\\\"\"})", "{\"a\":[1,null],\"b\":\"x\\\"\"}"), ("to_json(0 / 0)", "null")]
    ) { _ in
      Kernel(canFail: true, seesNulls: true) { call in
        call.texts { row, output in append(call.arguments[0].value(at: row), to: output) }
      }
    }
  ]

  private static func append(_ value: Value, to output: TextOutput) {
    switch value {
    case .null: output.append("null")
    case .bool(let flag): output.append(flag ? "true" : "false")
    case .int64(let number): output.append(String(number))
    case .float64(let number): output.append(number.isFinite ? number.description : "null")
    case .string(let text): append(quoted: text, to: output)
    case .list(let members):
      output.append("[")
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(",") }
        append(member, to: output)
      }
      output.append("]")
    case .structure(let fields, let members):
      output.append("{")
      for (index, (field, member)) in zip(fields, members).enumerated() {
        if index > 0 { output.append(",") }
        append(quoted: field.name, to: output)
        output.append(":")
        append(member, to: output)
      }
      output.append("}")
    default: append(quoted: CellText.string(value) ?? "", to: output)
    }
  }

  private static func append(quoted text: String, to output: TextOutput) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): output.append("\\\"")
      case UInt8(ascii: "\\"): output.append("\\\\")
      case 0x0A: output.append("\\n")
      case 0x0D: output.append("\\r")
      case 0x09: output.append("\\t")
      case 0..<0x20:
        output.append("\\u00")
        output.appendHex(byte)
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
