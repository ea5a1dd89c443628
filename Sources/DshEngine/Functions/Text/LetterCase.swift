// Upper case, lower case and title case.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let letterCase = [
    Function(
      "upper", .text, ["text"], [.from(.string, to: .string)], "The text in capital letters.",
      examples: [("upper(\"Ideal\")", "IDEAL"), ("upper(\"straße\")", "STRASSE")]
    ) { _ in
      Kernel(canFail: true) { $0.mapCase(ascii: { $0 &- ($0 >= 0x61 && $0 <= 0x7A ? 32 : 0) }, unicode: { $0.uppercased() }) }
    },
    Function(
      "lower", .text, ["text"], [.from(.string, to: .string)], "The text in small letters.",
      examples: [("lower(\"Ideal\")", "ideal"), ("lower(\"ÉTÉ\")", "été")]
    ) { _ in
      Kernel(canFail: true) { $0.mapCase(ascii: { $0 &+ ($0 >= 0x41 && $0 <= 0x5A ? 32 : 0) }, unicode: { $0.lowercased() }) }
    },
    Function(
      "title", .text, ["text"], [.from(.string, to: .string)], "The text with every word capitalised.",
      examples: [("title(\"new york CITY\")", "New York City"), ("title(\"élan vital\")", "Élan Vital")]
    ) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        return call.texts { row, output in
          var result = ""
          var isInWord = false
          for scalar in String(decoding: texts[row], as: UTF8.self).unicodeScalars {
            let isLetter = scalar.properties.isAlphabetic
            if !isLetter {
              result.unicodeScalars.append(scalar)
            } else {
              result += isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
            }
            // An apostrophe does not end a word: don't, l'eau.
            isInWord = isLetter || (isInWord && (scalar == "'" || scalar == "’"))
          }
          output.append(result)
        }
      }
    },
  ]
}

extension TextOutput {
  func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }
}

extension Call {
  /// A text per row with its letters changed: byte by byte if it is ASCII.
  @inline(__always) fileprivate func mapCase(ascii: (UInt8) -> UInt8, unicode: (String) -> String) -> Column {
    let texts = TextArgument(arguments[0])
    return self.texts { row, output in
      let text = texts[row]
      if text.isASCII {
        output.bytes.reserve(text.count)
        let target = output.bytes.start.assumingMemoryBound(to: UInt8.self) + output.bytes.byteCount
        for index in 0..<text.count { target[index] = ascii(text[index]) }
        output.bytes.byteCount &+= text.count
      } else {
        output.append(unicode(String(decoding: text, as: UTF8.self)))
      }
    }
  }
}
