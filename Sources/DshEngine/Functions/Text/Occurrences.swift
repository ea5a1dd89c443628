// How often and where a text holds another, and what texts have in common.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let occurrences: [Function] = [
    Function(
      "count_text", .text, ["text", "part"], [.from(.string, .string, to: .int64)],
      "How often a text holds another, without overlaps; 0 for an empty part.",
      examples: [("count_text(\"banana\", \"an\")", "2"), ("count_text(\"aaa\", \"aa\")", "1")]
    ) { _ in
      Kernel { call in
        let (texts, parts) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]))
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            output[row] = 0
            if !call.isValid(row) { continue }
            let (text, part) = (texts[row], parts[row])
            var start = 0
            while part.count > 0, let found = text.firstOffset(of: part, from: start) {
              output[row] += 1
              start = found + part.count
            }
          }
        }
      }
    },
    Function(
      "find_last", .text, ["text", "part"], [.from(.string, .string, to: .int64)],
      "The position of the last occurrence, counted from 1 as `substr` does; null if there is none.",
      examples: [("find_last(\"a/b/c\", \"/\")", "4"), ("find_last(\"abc\", \"x\")", "null")]
    ) { _ in
      Kernel { call in
        let (texts, parts) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]))
        return call.mapOptional(Int64.self) { row in
          let (text, part) = (texts[row], parts[row])
          if part.count > text.count { return nil }
          let found = (0...(text.count - part.count)).last { text.part($0..<($0 + part.count)).equals(part) }
          return found.map { Int64(text.part(0..<$0).scalarCount) + 1 }
        }
      }
    },
    Function(
      "common_prefix", .text, ["a", "b"], [.from(.string, .string, to: .string)], "The characters that two texts begin with.",
      examples: [("common_prefix(\"dataset\", \"datum\")", "dat"), ("common_prefix(\"é\", \"è\")", "")]
    ) { _ in
      Kernel { call in
        let (a, b) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]))
        return call.texts { row, output in
          let (first, second) = (a[row], b[row])
          var count = 0
          while count < first.count, count < second.count, first[count] == second[count] { count += 1 }
          // Not in the middle of a character.
          while count > 0, count < first.count, first[count] & 0xC0 == 0x80 { count -= 1 }
          while count > 0, count < second.count, second[count] & 0xC0 == 0x80 { count -= 1 }
          output.append(first.part(0..<count))
        }
      }
    },
    Function(
      "remove_prefix", .text, ["text", "prefix"], [.from(.string, .string, to: .string)], "The text without another that it begins with.",
      examples: [("remove_prefix(\"id_17\", \"id_\")", "17"), ("remove_prefix(\"17\", \"id_\")", "17")]
    ) { _ in
      Kernel { call in
        let (texts, parts) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]))
        return call.texts { row, output in
          let text = texts[row]
          output.append(text.hasPrefix(parts[row]) ? text.part(parts[row].count..<text.count) : text)
        }
      }
    },
    Function(
      "remove_suffix", .text, ["text", "suffix"], [.from(.string, .string, to: .string)], "The text without another that it ends with.",
      examples: [("remove_suffix(\"a.csv\", \".csv\")", "a"), ("remove_suffix(\"a.csv\", \".tsv\")", "a.csv")]
    ) { _ in
      Kernel { call in
        let (texts, parts) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]))
        return call.texts { row, output in
          let text = texts[row]
          output.append(text.hasSuffix(parts[row]) ? text.part(0..<(text.count - parts[row].count)) : text)
        }
      }
    },
    Function(
      "squeeze", .text, ["text"], [.from(.string, to: .string)], "The words of a text with one space between them.",
      examples: [("squeeze(\"  to   be \")", "to be"), ("squeeze(\"\")", "")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.texts { row, output in
          var isFirst = true
          texts[row].forEachWord { word in
            if !isFirst { output.append(UInt8(ascii: " ")) }
            output.append(word)
            isFirst = false
          }
        }
      }
    },
    Function(
      "overlay", .text, ["text", "new", "start", "length"], [.from(.string, .string, .int64, .int64, optional: 1, to: .string)],
      "The text with the characters from a position, counted from 1, exchanged for others: as many as those are if no length is given.",
      examples: [("overlay(\"dataset\", \"xx\", 3)", "daxxset"), ("overlay(\"dataset\", \"-\", 5, 3)", "data-")]
    ) { _ in
      Kernel(canFail: true) { call in
        let (texts, news) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]))
        let starts = FixedArgument<Int64>(call.arguments[2])
        let lengths = call.arguments.count > 3 ? FixedArgument<Int64>(call.arguments[3]) : nil
        return call.texts { row, output in
          let (text, new) = (texts[row], news[row])
          let start = max(0, (starts[row] == .min ? .min + 1 : starts[row]) - 1)
          let length = max(0, lengths?[row] ?? Int64(new.scalarCount))
          let from = text.byteOffset(ofScalar: Int(min(start, Int64(text.count))))
          let rest = text.part(from..<text.count)
          output.append(text.part(0..<from))
          output.append(new)
          output.append(rest.part(rest.byteOffset(ofScalar: Int(min(length, Int64(rest.count))))..<rest.count))
        }
      }
    },
  ]
}
