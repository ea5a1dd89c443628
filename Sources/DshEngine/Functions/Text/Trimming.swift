// White space or other characters taken off the ends.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let trimming = [
    trimFunction(
      "trim", "Takes white space, or any of the given characters, off both ends.", left: true, right: true,
      [("trim(\"  a b \")", "a b"), ("trim(\"--x-\", \"-\")", "x")]),
    trimFunction(
      "ltrim", "Takes white space, or any of the given characters, off the start.", left: true, right: false,
      [("ltrim(\"00042\", \"0\")", "42"), ("ltrim(\"  a b\")", "a b")]),
    trimFunction(
      "rtrim", "Takes white space, or any of the given characters, off the end.", left: false, right: true,
      [("rtrim(\"1.500\", \"0\")", "1.5"), ("rtrim(\"a  b \")", "a  b")]),
  ]

  private static func trimFunction(_ name: String, _ summary: String, left: Bool, right: Bool, _ examples: [(String, String)]) -> Function {
    Function(name, .text, ["text", "characters"], [.from(.string, .string, optional: 1, to: .string)], summary, examples: examples) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        let sets = call.arguments.count > 1 ? TextArgument(call.arguments[1]) : nil
        return call.texts { row, output in
          let text = texts[row]
          let set = sets?[row]
          var start = 0
          var end = text.count
          while left && start < end {
            let next = text.offset(after: start)
            guard isTrimmed(text, start..<next, set) else { break }
            start = next
          }
          while right && end > start {
            let previous = text.offset(before: end)
            guard isTrimmed(text, previous..<end, set) else { break }
            end = previous
          }
          output.append(text.part(start..<max(start, end)))
        }
      }
    }
  }

  private static func isTrimmed(_ text: TextSlice, _ scalar: Range<Int>, _ set: TextSlice?) -> Bool {
    // In UTF-8 the bytes of one scalar never occur inside another, so a search by bytes finds scalars.
    set.map { $0.contains(text.part(scalar)) } ?? text.isWhitespace(scalar)
  }
}
