// Single characters: their numbers, exchanging them one for one, and what a text consists of.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let characters: [Function] = [
    Function(
      "ord", .text, ["text"], [.from(.string, to: .int64)], "The Unicode number of the first character; null of an empty text.",
      examples: [("ord(\"A\")", "65"), ("ord(\"日本\")", "26085")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.mapOptional(Int64.self) { row in
          let text = texts[row]
          return text.count == 0 ? nil : text.part(0..<text.offset(after: 0)).scalars.first.map { Int64($0) }
        }
      }
    },
    Function(
      "chr", .text, ["number"], [.from(.int64, to: .string)], "The character with a Unicode number.",
      examples: [("chr(65)", "A"), ("chr(26085)", "日")]
    ) { _ in
      Kernel(canFail: true) { call in
        let numbers = FixedArgument<Int64>(call.arguments[0])
        return call.texts { row, output in
          guard let scalar = UInt32(exactly: numbers[row]).flatMap(Unicode.Scalar.init) else {
            return call.fail(row, Diagnostic(.badArgument, "no character has the number \(numbers[row])"))
          }
          output.append(String(Character(scalar)))
        }
      }
    },
    Function(
      "translate", .text, ["text", "from", "to"], [.from(.string, .string, .string, to: .string)],
      "The text with each character of one text exchanged for the one at the same place of another, or left out if there is none.",
      examples: [("translate(\"12-34\", \"1-\", \"x\")", "x234"), ("translate(\"été\", \"é\", \"e\")", "ete")]
    ) { _ in
      Kernel(canFail: true) { call in
        let (texts, from, to) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]), TextArgument(call.arguments[2]))
        return call.texts { row, output in
          let (old, new) = (from[row].scalars, to[row].scalars)
          let text = texts[row]
          var start = 0
          while start < text.count {
            let part = text.part(start..<text.offset(after: start))
            start += part.count
            guard let value = part.scalars.first, let index = old.firstIndex(of: value) else {
              output.append(part)
              continue
            }
            if index < new.count, let scalar = Unicode.Scalar(new[index]) { output.append(String(Character(scalar))) }
          }
        }
      }
    },
    Function(
      "strip_accents", .text, ["text"], [.from(.string, to: .string)], "The text with letters instead of letters with accents.",
      examples: [("strip_accents(\"Crème brûlée\")", "Creme brulee"), ("strip_accents(\"Zoë\")", "Zoe")]
    ) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        return call.texts { row, output in
          let text = texts[row]
          if text.isASCII { return output.append(text) }
          output.append(AccentTable.strip(String(decoding: text, as: UTF8.self)))
        }
      }
    },
    testing(
      "is_ascii", "Whether all characters are ASCII; true of an empty text.", [("is_ascii(\"abc\")", "true"), ("is_ascii(\"é\")", "false")]
    ) {
      $0.isASCII
    },
    testing(
      "is_digits", "Whether a text consists of the digits 0 to 9 and is not empty.",
      [("is_digits(\"2024\")", "true"), ("is_digits(\"-1\")", "false")]
    ) { $0.count > 0 && $0.allSatisfy(\.isASCIIDigit) },
    testing(
      "is_letters", "Whether a text consists of letters of any script and is not empty.",
      [("is_letters(\"Straße\")", "true"), ("is_letters(\"a1\")", "false")]
    ) { text in
      text.count > 0 && String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isAlphabetic)
    },
    testing(
      "is_blank", "Whether a text is empty or consists of white space.", [("is_blank(\"  \")", "true"), ("is_blank(\" a \")", "false")]
    ) { text in
      var start = 0
      while start < text.count {
        let next = text.offset(after: start)
        if !text.isWhitespace(start..<next) { return false }
        start = next
      }
      return true
    },
  ]

  private static func testing(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ test: @escaping @Sendable (TextSlice) -> Bool
  ) -> Function {
    Function(name, .text, ["text"], [.from(.string, to: .bool)], summary, examples: examples) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.predicate { row in call.isValid(row) && test(texts[row]) }
      }
    }
  }
}
