// How long a text or a list is.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let lengths = [
    Function(
      "length", .text, ["value"],
      [
        .from(.string, to: .int64), Overload([.list(.variable(0))], result: .exact(.int64)),
        Overload([.map(.variable(0), .variable(1))], result: .exact(.int64)),
      ],
      "The number of characters (Unicode scalars) of a text, of elements of a list, or of entries of a map.",
      examples: [("length(\"Zoë\")", "3"), ("length([1, 2, null])", "3")]
    ) { site in
      if site.types[0].member != nil {
        return Kernel { call in
          let lists = ListArgument(call.arguments[0])
          return call.fixed(Int64.self) { output in for row in 0..<call.rowCount { output[row] = Int64(lists[row].count) } }
        }
      }
      return Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.fixed(Int64.self) { output in for row in 0..<call.rowCount { output[row] = Int64(texts[row].scalarCount) } }
      }
    },
    Function(
      "byte_length", .text, ["text"], [.from(.string, to: .int64), .from(.binary, to: .int64)], "The number of UTF-8 bytes.",
      examples: [("byte_length(\"Zoë\")", "4"), ("byte_length(\"日本\")", "6")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.fixed(Int64.self) { output in for row in 0..<call.rowCount { output[row] = Int64(texts[row].count) } }
      }
    },
  ]
}
