// `++` of texts and lists.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let concatenation = [
    Function(
      "++", .operator, ["a", "b"],
      [.from(.string, .string, to: .string), Overload([.list(.variable(0)), .list(.variable(0))], result: .list(.variable(0)))],
      "Joins two texts or two lists; null if one is null (`concat` skips nulls).",
      examples: [("\"data\" ++ \"shell\"", "datashell"), ("[1, 2] ++ [3]", "[1, 2, 3]"), ("\"a\" ++ null", "null")]
    ) { site in
      if site.result == .string {
        return Kernel(canFail: true) { call in
          let a = TextArgument(call.arguments[0])
          let b = TextArgument(call.arguments[1])
          return call.texts { row, output in
            output.append(a[row])
            output.append(b[row])
          }
        }
      }
      return Kernel { call in
        let a = ListArgument(call.arguments[0])
        let b = ListArgument(call.arguments[1])
        return call.lists([a.elements, b.elements]) { row, places in
          for index in a[row] { places.append(Int32(truncatingIfNeeded: index)) }
          for index in b[row] { places.append(Int32(truncatingIfNeeded: a.elements.count + index)) }
        }
      }
    }
  ]
}
