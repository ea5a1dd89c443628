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
      [("pad_right(\"ab\", 4, \".\")", "ab.."), ("pad_right(\"abc\", 2)", "abc")]),
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
          output.append(text, times: Int(count))
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
    let space: StaticString = " "
    let fill = fill ?? TextSlice(start: space.utf8Start, count: 1)
    let scalarCount = Int64(fill.scalarCount)
    if scalarCount == 0 { return }
    let (wholes, rest) = (missing / scalarCount, Int(missing % scalarCount))
    let part = fill.part(0..<fill.byteOffset(ofScalar: rest))
    let (byteCount, overflow) = wholes.multipliedReportingOverflow(by: Int64(fill.count))
    guard call.mayMake(byteCount: overflow || byteCount > Int64.max - Int64(part.count) ? Int.max : Int(byteCount) + part.count, row: row)
    else { return }
    output.append(fill, times: Int(wholes))
    output.append(part)
  }
}

extension TextOutput {
  /// Appends a text several times: once, then what is there already, twice as much each time.
  func append(_ text: TextSlice, times: Int) {
    guard times > 0, text.count > 0 else { return }
    let total = text.count * times
    bytes.reserve(total)
    let start = bytes.start + bytes.byteCount
    append(text)
    var written = text.count
    while written < total {
      let step = min(written, total - written)
      (start + written).copyMemory(from: start, byteCount: step)
      written += step
    }
    bytes.byteCount += total - text.count
  }
}
