// Bytes as letters of base 64 (RFC 4648, section 4), and back.

/// The usual alphabet, with `=` at the end.
public enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Hands over the letters for some bytes, one by one.
  public static func encode(_ bytes: UnsafeBufferPointer<UInt8>, _ append: (UInt8) -> Void) {
    var index = 0
    while index < bytes.count {
      let three = (0..<3).map { index + $0 < bytes.count ? UInt32(bytes[index + $0]) : 0 }
      let word = three[0] << 16 | three[1] << 8 | three[2]
      for place in 0..<4 { append(index + place > bytes.count ? UInt8(ascii: "=") : letters[Int(word >> UInt32(18 - 6 * place) & 63)]) }
      index += 3
    }
  }

  /// The bytes that letters stand for, nil if they are none; the `=` at the end may be left out.
  public static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var letters = text.count
    while letters > 0, text.count - letters < 2, text[letters - 1] == UInt8(ascii: "=") { letters -= 1 }
    if letters % 4 == 1 || (letters < text.count && text.count % 4 != 0) { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(letters / 4 * 3 + 2)
    var (word, bits): (UInt32, UInt32) = (0, 0)
    for index in 0..<letters {
      guard let value = value(text[index]) else { return nil }
      word = word << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: word >> bits))
        word &= (1 << bits) - 1
      }
    }
    return word == 0 ? bytes : nil
  }

  private static func value(_ letter: UInt8) -> UInt8? {
    switch Unicode.Scalar(letter) {
    case "A"..."Z": letter - UInt8(ascii: "A")
    case "a"..."z": letter - UInt8(ascii: "a") + 26
    case "0"..."9": letter - UInt8(ascii: "0") + 52
    case "+": 62
    case "/": 63
    default: nil
    }
  }
}
