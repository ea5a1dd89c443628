// Parts of a text by position.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let parts = [
    Function(
      "substr", .text, ["text", "start", "length"], [.from(.string, .int64, .int64, optional: 1, to: .string)],
      "The characters from a position, counted from 1 as in SQL, or from the end if it is negative; all that follow if no length is given.",
      examples: [
        ("substr(\"dataset\", 1, 4)", "data"), ("substr(\"dataset\", 5)", "set"), ("substr(\"dataset\", -3)", "set"),
        ("substr(\"Zoë!\", 3, 1)", "ë"),
      ]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        let starts = FixedArgument<Int64>(call.arguments[1])
        let lengths = call.arguments.count > 2 ? FixedArgument<Int64>(call.arguments[2]) : nil
        return call.texts { row, output in output.append(texts[row].characters(from: starts[row], count: lengths?[row] ?? .max)) }
      }
    },
    Function(
      "left", .text, ["text", "count"], [.from(.string, .int64, to: .string)],
      "The first characters; all but the last -count if the count is negative.",
      examples: [("left(\"dataset\", 4)", "data"), ("left(\"dataset\", -3)", "data")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        let counts = FixedArgument<Int64>(call.arguments[1])
        return call.texts { row, output in
          let text = texts[row]
          let count = counts[row] >= 0 ? counts[row] : max(0, Int64(text.scalarCount) &+ max(counts[row], -Int64.max))
          output.append(text.characters(from: 1, count: count))
        }
      }
    },
    Function(
      "right", .text, ["text", "count"], [.from(.string, .int64, to: .string)],
      "The last characters; all but the first -count if the count is negative.",
      examples: [("right(\"dataset\", 3)", "set"), ("right(\"dataset\", -4)", "set")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        let counts = FixedArgument<Int64>(call.arguments[1])
        return call.texts { row, output in
          let text = texts[row]
          let skipped = counts[row] >= 0 ? max(0, Int64(text.scalarCount) - counts[row]) : -max(counts[row], -Int64.max)
          output.append(text.characters(from: skipped == .max ? .max : skipped + 1, count: .max))
        }
      }
    },
    Function(
      "reverse", .text, ["value"], [.from(.string, to: .string), Overload([.list(.variable(0))], result: .list(.variable(0)))],
      "The characters of a text, or the elements of a list, backwards.",
      examples: [("reverse(\"Zoë\")", "ëoZ"), ("reverse([1, 2, 3])", "[3, 2, 1]")]
    ) { site in
      if case .list = site.types[0] {
        return Kernel { call in
          let lists = ListArgument(call.arguments[0])
          return call.lists([lists.elements]) { row, places in
            for index in lists[row].reversed() { places.append(Int32(truncatingIfNeeded: index)) }
          }
        }
      }
      return Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.texts { row, output in
          let text = texts[row]
          var end = text.count
          while end > 0 {
            let start = text.offset(before: end)
            output.append(text.part(start..<end))
            end = start
          }
        }
      }
    },
  ]
}

extension TextSlice {
  /// The scalars from a position counted from 1, or from the end if negative; 0 and positions before the start count
  /// places that are not there, as in SQL.
  func characters(from start: Int64, count wanted: Int64) -> TextSlice {
    if wanted <= 0 { return part(0..<0) }
    var first = start > 0 ? start - 1 : start == 0 ? -1 : Int64(scalarCount) &+ Swift.max(start, -Int64.max)
    var length = wanted
    if first < 0 {
      if length != .max { length = length.addingReportingOverflow(first).partialValue }
      if length <= 0 { return part(0..<0) }
      first = 0
    }
    // No text has more scalars than bytes.
    let from = byteOffset(ofScalar: Int(Swift.min(first, Int64(count))))
    let rest = part(from..<count)
    return rest.part(0..<rest.byteOffset(ofScalar: Int(Swift.min(length, Int64(count)))))
  }
}
