// Whole numbers as digits of another base.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let radix = [
    writing("to_hex", base: 16, "A whole number in hexadecimal digits.", [("to_hex(255)", "ff"), ("to_hex(-255)", "-ff")]),
    writing("to_binary", base: 2, "A whole number in binary digits.", [("to_binary(10)", "1010"), ("to_binary(0)", "0")]),
    writing("to_octal", base: 8, "A whole number in octal digits.", [("to_octal(64)", "100"), ("to_octal(-8)", "-10")]),
    reading(
      "from_hex", base: 16, "The whole number of hexadecimal digits, with or without 0x in front.",
      [("from_hex(\"ff\")", "255"), ("from_hex(\"-0xFF\")", "-255")]),
    reading(
      "from_binary", base: 2, "The whole number of binary digits, with or without 0b in front.",
      [("from_binary(\"1010\")", "10"), ("from_binary(\"0b11\")", "3")]),
    reading(
      "from_octal", base: 8, "The whole number of octal digits, with or without 0o in front.",
      [("from_octal(\"755\")", "493"), ("from_octal(\"0o17\")", "15")]),
  ]

  private static func writing(_ name: String, base: Int, _ summary: String, _ examples: [(String, String)]) -> Function {
    Function(name, .conversion, ["x"], [.from(.int64, to: .string)], summary, examples: examples) { _ in
      Kernel { call in
        let numbers = FixedArgument<Int64>(call.arguments[0])
        return call.texts { row, output in output.append(String(numbers[row], radix: base)) }
      }
    }
  }

  private static func reading(_ name: String, base: Int, _ summary: String, _ examples: [(String, String)]) -> Function {
    Function(name, .conversion, ["text"], [.from(.string, to: .int64)], summary, examples: examples) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            let number = call.isValid(row) ? read(texts[row], base: base) : 0
            output[row] = number ?? 0
            if number == nil {
              call.fail(
                row,
                Diagnostic(
                  .badCast,
                  "not a whole number of base \(base) that fits int64: \"\(String(decoding: texts[row].prefix(80), as: UTF8.self))\""))
            }
          }
        }
      }
    }
  }

  private static func read(_ text: TextSlice, base: Int) -> Int64? {
    var digits = text.trimmedSpaces
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits = digits.part(1..<digits.count) }
    let letter = base == 16 ? UInt8(ascii: "x") : base == 8 ? UInt8(ascii: "o") : UInt8(ascii: "b")
    if digits.count > 2, digits[0] == UInt8(ascii: "0"), digits[1] | 0x20 == letter { digits = digits.part(2..<digits.count) }
    // A second sign is no digit.
    guard let first = digits.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
    return Int64((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self), radix: base)
  }
}
