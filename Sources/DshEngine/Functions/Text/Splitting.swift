// Texts cut at separators.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let splitting = [
    Function(
      "split", .text, ["text", "separator"], [.from(.string, .string, optional: 1, to: .list(.string))],
      "The parts between separators as a list; without a separator the words between white space, with \"\" the characters.",
      examples: [
        ("split(\"a,b,,c\", \",\")", "[a, b, , c]"), ("split(\"  to be  or \")", "[to, be, or]"), ("split(\"Zoë\", \"\")", "[Z, o, ë]"),
      ]
    ) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        let separators = call.arguments.count > 1 ? TextArgument(call.arguments[1]) : nil
        return call.textLists { row, output in
          let text = texts[row]
          let pieces: (TextSlice) -> Void = { piece in
            output.append(piece)
            output.endRow()
          }
          guard let separators else { return text.forEachWord(pieces) }
          text.forEachPart(separator: separators[row], pieces)
        }
      }
    },
    Function(
      "split_part", .text, ["text", "separator", "index"], [.from(.string, .string, .int64, to: .string)],
      "One of the parts between separators, counted from 1, or from the end if negative; null if there is none.",
      examples: [
        ("split_part(\"a-b-c\", \"-\", 2)", "b"), ("split_part(\"a-b-c\", \"-\", -1)", "c"), ("split_part(\"a\", \"-\", 2)", "null"),
      ]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        let separators = TextArgument(call.arguments[1])
        let indexes = FixedArgument<Int64>(call.arguments[2])
        return call.optionalTexts { row, output in
          let text = texts[row]
          let separator = separators[row]
          var wanted = indexes[row]
          if wanted < 0 {
            var total: Int64 = 0
            text.forEachPart(separator: separator) { _ in total += 1 }
            wanted = wanted < -total ? 0 : total + wanted + 1
          }
          var position: Int64 = 0
          var found = false
          text.forEachPart(separator: separator) { part in
            position += 1
            if position == wanted {
              output.append(part)
              found = true
            }
          }
          return found
        }
      }
    },
  ]
}

extension TextSlice {
  /// Calls `body` with the parts between separators, or with every scalar if the separator is empty.
  @inline(__always) func forEachPart(separator: TextSlice, _ body: (TextSlice) -> Void) {
    var start = 0
    if separator.count == 0 {
      while start < count {
        let next = offset(after: start)
        body(part(start..<next))
        start = next
      }
      return
    }
    while let found = firstOffset(of: separator, from: start) {
      body(part(start..<found))
      start = found + separator.count
    }
    body(part(start..<count))
  }

  /// Calls `body` with the words between runs of white space.
  @inline(__always) func forEachWord(_ body: (TextSlice) -> Void) {
    var start = 0
    var position = 0
    while position < count {
      let next = offset(after: position)
      if isWhitespace(position..<next) {
        if start < position { body(part(start..<position)) }
        start = next
      }
      position = next
    }
    if start < count { body(part(start..<count)) }
  }
}

extension Call {
  /// A list of texts per row; the step appends texts and ends each.
  @inline(__always) func textLists(_ step: (Int, inout TextOutput) -> Void) -> Column {
    let offsets = MutableBuffer(capacity: (rowCount + 1) * 4)
    offsets.append(Int32(0))
    var output = TextOutput(rowCount: rowCount)
    for row in 0..<rowCount {
      let (count, byteCount) = (output.count, output.bytes.byteCount)
      if isValid(row) { step(row, &output) }
      if output.bytes.byteCount > TextOutput.byteLimit || output.count > Int(Int32.max) {
        output.rewind(toCount: count, byteCount: byteCount)
        fail(row, .batchTextTooLong)
      }
      offsets.append(Int32(truncatingIfNeeded: output.count))
    }
    return Column(type: type, count: rowCount, validity: nil, storage: .list(offsets: offsets.freeze(), elements: output.finish(.string)))
  }
}
