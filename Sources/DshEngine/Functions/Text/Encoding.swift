// Texts in the letters of base 64, hexadecimal digits and addresses, and back.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

extension FunctionRegistry {
  static let encoding: [Function] = [
    encoder(
      "base64_encode", "The bytes of a text in base 64 (RFC 4648).", [("base64_encode(\"Zoë\")", "Wm/Dqw=="), ("base64_encode(\"\")", "")]
    ) { text, output in Base64.encode(text) { output.append($0) } },
    decoder(
      "base64_decode", "The text that base 64 stands for, null if it is none or no UTF-8; the `=` at the end may be left out.",
      [("base64_decode(\"Wm/Dqw==\")", "Zoë"), ("base64_decode(\"no!\")", "null")]
    ) { text in Base64.decode(text) },
    encoder("hex_encode", "The bytes of a text in hexadecimal digits.", [("hex_encode(\"Zoë\")", "5a6fc3ab"), ("hex_encode(\"\")", "")]) {
      text, output in
      for byte in text { output.appendHex(byte) }
    },
    decoder(
      "hex_decode", "The text whose bytes hexadecimal digits stand for; null if they are none, or no UTF-8.",
      [("hex_decode(\"5a6fC3AB\")", "Zoë"), ("hex_decode(\"xyz\")", "null")]
    ) { text in
      if text.count % 2 != 0 { return nil }
      var bytes: [UInt8] = []
      for index in stride(from: 0, to: text.count, by: 2) {
        guard let high = text[index].hexValue, let low = text[index + 1].hexValue else { return nil }
        bytes.append(high << 4 | low)
      }
      return bytes
    },
    encoder(
      "url_encode", "A text as part of an address: all but letters, digits and -._~ as % and two hexadecimal digits (RFC 3986).",
      [("url_encode(\"a b&é\")", "a%20b%26%C3%A9"), ("url_encode(\"x-y_z\")", "x-y_z")]
    ) { text, output in
      for byte in text {
        if byte.isASCIILetter || byte.isASCIIDigit || "-._~".utf8.contains(byte) {
          output.append(byte)
        } else {
          output.append(UInt8(ascii: "%"))
          output.appendHex(byte, uppercase: true)
        }
      }
    },
    decoder(
      "url_decode",
      "The text that a part of an address stands for; null if a % has no two hexadecimal digits behind it, or it is no UTF-8.",
      [("url_decode(\"a%20b%26%C3%A9\")", "a b&é"), ("url_decode(\"100%\")", "null")]
    ) { text in
      var bytes: [UInt8] = []
      var index = 0
      while index < text.count {
        if text[index] == UInt8(ascii: "%") {
          guard index + 2 < text.count, let high = text[index + 1].hexValue, let low = text[index + 2].hexValue else { return nil }
          bytes.append(high << 4 | low)
          index += 3
        } else {
          bytes.append(text[index])
          index += 1
        }
      }
      return bytes
    },
  ]

  private static func encoder(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ encode: @escaping @Sendable (TextSlice, TextOutput) -> Void
  ) -> Function {
    Function(name, .text, ["text"], [.from(.string, to: .string), .from(.binary, to: .string)], summary, examples: examples) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        return call.texts { row, output in encode(texts[row], output) }
      }
    }
  }

  private static func decoder(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ decode: @escaping @Sendable (TextSlice) -> [UInt8]?
  ) -> Function {
    Function(name, .text, ["text"], [.from(.string, to: .string)], summary, examples: examples) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.optionalTexts { row, output in
          guard let bytes = decode(texts[row]), String(validating: bytes, as: UTF8.self) != nil else { return false }
          bytes.withUnsafeBufferPointer { output.append($0) }
          return true
        }
      }
    }
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit.
  var hexValue: UInt8? {
    if isASCIIDigit { return self - UInt8(ascii: "0") }
    let letter = self | 0x20
    return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "f") ? letter - UInt8(ascii: "a") + 10 : nil
  }
}
