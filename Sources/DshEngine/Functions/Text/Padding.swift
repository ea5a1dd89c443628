// Texts filled up to a width, and repeated.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let padding = [
    padFunction(
      "pad_left", "Fills up a text at the start to a number of characters; a longer text stays as it is.", atStart: true,
      [("pad_left(\"42\", 5, \"0\")", "00042"), ("pad_left(\"abc\", 2)", "abc")]),
    padFunction(
      "pad_right", "Fills up a text at the end to a number of characters; a longer text stays as it is.", atStart: false,
      [("pad_right(\"ab\", 4, \".\")", "ab..")]),
    Function(
      "repeat", .text, ["text", "count"], [.from(.string, .int64, to: .string)], "The text over and over.",
      examples: [("repeat(\"ab\", 3)", "ababab"), ("repeat(\"ab\", 0)", "")]
    ) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        let counts = FixedArgument<Int64>(call.arguments[1])
        return call.texts { row, output in
          let text = texts[row]
          let count = max(0, counts[row])
          let (byteCount, overflow) = Int64(text.count).multipliedReportingOverflow(by: count)
          guard call.mayMake(byteCount: overflow ? Int.max : Int(byteCount), row: row), byteCount > 0 else { return }
          for _ in 0..<count { output.append(text) }
        }
      }
    },
  ]

  private static func padFunction(_ name: String, _ summary: String, atStart: Bool, _ examples: [(String, String)]) -> Function {
    Function(
      name, .text, ["text", "width", "fill"], [.from(.string, .int64, .string, optional: 1, to: .string)], summary, examples: examples
    ) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        let widths = FixedArgument<Int64>(call.arguments[1])
        let fills = call.arguments.count > 2 ? TextArgument(call.arguments[2]) : nil
        return call.texts { row, output in
          let text = texts[row]
          let missing = max(0, widths[row] &- Int64(text.scalarCount))
          if !atStart { output.append(text) }
          if missing > 0 && widths[row] > 0 { pad(missing, fills?[row], row, call, output) }
          if atStart { output.append(text) }
        }
      }
    }
  }

  /// Appends as many scalars of the fill text, over and over.
  private static func pad(_ missing: Int64, _ fill: TextSlice?, _ row: Int, _ call: Call, _ output: TextOutput) {
    guard let fill else {
      guard call.mayMake(byteCount: Int(missing), row: row) else { return }
      for _ in 0..<missing { output.append(0x20) }
      return
    }
    // A scalar takes up to four bytes.
    let (byteCount, overflow) = missing.multipliedReportingOverflow(by: 4)
    guard fill.count > 0, call.mayMake(byteCount: overflow ? Int.max : Int(byteCount), row: row) else { return }
    var left = missing
    while left > 0 {
      var start = 0
      while start < fill.count && left > 0 {
        let next = fill.offset(after: start)
        output.append(fill.part(start..<next))
        start = next
        left -= 1
      }
    }
  }
}
