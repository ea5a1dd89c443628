// Texts with parts exchanged.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let replacing = [
    Function(
      "replace", .text, ["text", "old", "new"], [.from(.string, .string, .string, to: .string)],
      "The text with every occurrence of a part exchanged.",
      examples: [("replace(\"1,234,567\", \",\", \"\")", "1234567"), ("replace(\"aaa\", \"aa\", \"b\")", "ba")]
    ) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        let olds = TextArgument(call.arguments[1])
        let news = TextArgument(call.arguments[2])
        return call.texts { row, output in
          let text = texts[row]
          let old = olds[row]
          let new = news[row]
          let before = output.bytes.byteCount
          var start = 0
          while old.count > 0, let found = text.firstOffset(of: old, from: start) {
            output.append(text.part(start..<found))
            output.append(new)
            start = found + old.count
            if output.bytes.byteCount - before > TextOutput.valueByteLimit { break }
          }
          output.append(text.part(start..<text.count))
          if !call.mayMake(byteCount: output.bytes.byteCount - before, row: row) { output.bytes.byteCount = before }
        }
      }
    }
  ]
}
