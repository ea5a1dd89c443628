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
      "format_number", .text, ["x", "decimals", "separator"],
      [.from(.int64, .int64, .string, optional: 1, to: .string), .from(.float64, .int64, .string, optional: 1, to: .string)],
      "A number with a fixed count of decimals (0 to 30), and a separator between thousands if one is given.",
      examples: [
        ("format_number(1234.5, 2)", "1234.50"), ("format_number(1234567.891, 1, \",\")", "1,234,567.9"),
        ("format_number(-0.005, 1)", "-0.0"), ("format_number(9007199254740993, 0, \",\")", "9,007,199,254,740,993"),
      ]
    ) { site in
      let isWhole = site.types[0] == .int64
      return Kernel(canFail: true) { call in
        let decimals = FixedArgument<Int64>(call.arguments[1])
        let separators = call.arguments.count > 2 ? TextArgument(call.arguments[2]) : nil
        func places(_ row: Int) -> Int { Int(min(max(decimals[row], 0), decimalPlaceLimit)) }
        if isWhole {
          let numbers = FixedArgument<Int64>(call.arguments[0])
          return call.texts { row, output in
            append(digits: ArraySlice(String(numbers[row]).utf8), separators?[row], output)
            if places(row) > 0 { output.append("." + String(repeating: "0", count: places(row))) }
          }
        }
        let numbers = FixedArgument<Double>(call.arguments[0])
        return call.texts { row, output in append(numbers[row], decimals: Int32(places(row)), separators?[row], output) }
      }
    },
  ]

  /// More decimals than a double can tell apart near one.
  private static let decimalPlaceLimit: Int64 = 30
  /// The digits of the largest double, a sign, a point and the decimals.
  private static let numberByteLimit = 384

  private static func append(_ number: Double, decimals: Int32, _ separator: TextSlice?, _ output: TextOutput) {
    guard number.isFinite else { return output.append(number.description) }
    var text = [UInt8](repeating: 0, count: numberByteLimit)
    let length = dsh_format_fixed(number, decimals, &text, text.count)
    let whole = text[..<length].prefix { $0 != UInt8(ascii: ".") }
    append(digits: whole, separator, output)
    for byte in text[whole.endIndex..<length] { output.append(byte) }
  }

  /// Appends digits, perhaps behind a sign, in groups of three.
  private static func append(digits: ArraySlice<UInt8>, _ separator: TextSlice?, _ output: TextOutput) {
    for index in digits.indices {
      if let separator, index > digits.startIndex, (digits.endIndex - index) % 3 == 0, digits[index - 1] != UInt8(ascii: "-") {
        output.append(separator)
      }
      output.append(digits[index])
    }
  }
}
