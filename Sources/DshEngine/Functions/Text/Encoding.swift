// Texts in the letters of base 64, hexadecimal digits and addresses, and back.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let encoding: [Function] = [
    encoder(
      "base64_encode", "The bytes of a text in base 64 (RFC 4648).", [("base64_encode(\"Zoë\")", "Wm/Dqw=="), ("base64_encode(\"\")", "")]
    ) {
      text, output in
      var index = 0
      while index < text.count {
        let bytes = (0..<3).map { index + $0 < text.count ? UInt32(text[index + $0]) : 0 }
        let word = bytes[0] << 16 | bytes[1] << 8 | bytes[2]
        for place in 0..<4 {
          output.append(index + place > text.count ? UInt8(ascii: "=") : base64Letters[Int(word >> UInt32(18 - 6 * place) & 63)])
        }
        index += 3
      }
    },
    decoder(
      "base64_decode", "The text that base 64 stands for, null if it is none or no UTF-8; the `=` at the end may be left out.",
      [("base64_decode(\"Wm/Dqw==\")", "Zoë"), ("base64_decode(\"no!\")", "null")]
    ) { text in
      var letters = text.count
      while letters > 0, text.count - letters < 2, text[letters - 1] == UInt8(ascii: "=") { letters -= 1 }
      if letters % 4 == 1 || (letters < text.count && text.count % 4 != 0) { return nil }
      var bytes: [UInt8] = []
      var (word, bits): (UInt32, UInt32) = (0, 0)
      for index in 0..<letters {
        guard let value = base64Value(text[index]) else { return nil }
        word = word << 6 | UInt32(value)
        bits += 6
        if bits >= 8 {
          bits -= 8
          bytes.append(UInt8(truncatingIfNeeded: word >> bits))
          word &= (1 << bits) - 1
        }
      }
      return word == 0 ? bytes : nil
    },
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

  private static let base64Letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func base64Value(_ letter: UInt8) -> UInt8? {
    switch Unicode.Scalar(letter) {
    case "A"..."Z": letter - UInt8(ascii: "A")
    case "a"..."z": letter - UInt8(ascii: "a") + 26
    case "0"..."9": letter - UInt8(ascii: "0") + 52
    case "+": 62
    case "/": 63
    default: nil
    }
  }

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
