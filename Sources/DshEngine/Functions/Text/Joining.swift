// Texts put together.

import CDshKernels
import DshColumns
import DshPlan

extension FunctionRegistry {
  static let joining = [
    Function(
      "concat", .text, ["text"], [.from(.string, variadic: true, to: .string)],
      "Joins texts, skipping nulls (`++` gives null instead).",
      examples: [("concat(\"a\", null, \"b\")", "ab"), ("concat(\"Ada\", \" \", \"Lovelace\")", "Ada Lovelace")]
    ) { _ in
      Kernel(canFail: true, seesNulls: true) { call in
        let parts = call.arguments.filter { !$0.isConstantNull }
        let texts = parts.map { TextArgument($0) }
        return call.texts { row, output in
          for (part, text) in zip(parts, texts) where part.isValid(row) { output.append(text[row]) }
        }
      }
    },
    Function(
      "format_number", .text, ["x", "decimals", "separator"], [.from(.float64, .int64, .string, optional: 1, to: .string)],
      "A number with a fixed count of decimals (0 to 30), and a separator between thousands if one is given.",
      examples: [
        ("format_number(1234.5, 2)", "1234.50"), ("format_number(1234567.891, 1, \",\")", "1,234,567.9"),
        ("format_number(-0.005, 1)", "-0.0"),
      ]
    ) { _ in
      Kernel(canFail: true) { call in
        let numbers = FixedArgument<Double>(call.arguments[0])
        let decimals = FixedArgument<Int64>(call.arguments[1])
        let separators = call.arguments.count > 2 ? TextArgument(call.arguments[2]) : nil
        return call.texts { row, output in
          appendNumber(numbers[row], decimals: Int32(min(max(decimals[row], 0), decimalPlaceLimit)), separators?[row], output)
        }
      }
    },
  ]

  /// More decimals than a double can tell apart near one.
  private static let decimalPlaceLimit: Int64 = 30
  /// The digits of the largest double, a sign, a point and the decimals.
  private static let numberByteLimit = 384

  private static func appendNumber(_ number: Double, decimals: Int32, _ separator: TextSlice?, _ output: TextOutput) {
    guard number.isFinite else { return output.append(number.description) }
    var text = [UInt8](repeating: 0, count: numberByteLimit)
    let length = dsh_format_fixed(number, decimals, &text, text.count)
    let whole = text[..<length].firstIndex(of: UInt8(ascii: ".")) ?? length
    for index in 0..<length {
      if let separator, index < whole, index > 0, (whole - index) % 3 == 0, text[index - 1] != UInt8(ascii: "-") {
        output.append(separator)
      }
      output.append(text[index])
    }
  }
}
