// Reads the text of a string literal: takes the quotes off and replaces escapes.
import DshDiagnostics

/// The text of a literal and the escapes in it that mean nothing.
struct StringReading {
  var text: String
  var badEscapes: [SourceSpan] = []
}

/// Reads the bytes between two quotes, with `\n \t \r \0 \\ \' \" \/ \xHH \u{…}` and a backslash before a line end, which
/// is dropped with it.
///
/// - Parameter offset: where the bytes stand in the source text.
func readEscapes(_ bytes: ArraySlice<UInt8>, at offset: Int) -> StringReading {
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count)
  var badEscapes: [SourceSpan] = []
  var cursor = bytes.startIndex
  while cursor < bytes.endIndex {
    guard bytes[cursor] == UInt8(ascii: "\\") else {
      result.append(bytes[cursor])
      cursor += 1
      continue
    }
    let escape = readEscape(bytes[(cursor + 1)...])
    if let escape {
      result += escape.bytes
    } else {
      // The whole character behind the backslash belongs to the place.
      let character = bytes[(cursor + 1)...].prefix(1) + bytes[(cursor + 1)...].dropFirst().prefix { $0 & 0xC0 == 0x80 }
      let start = offset + cursor - bytes.startIndex
      badEscapes.append(SourceSpan(start: start, end: start + 1 + character.count))
    }
    cursor += 1 + (escape?.length ?? 1)
  }
  return StringReading(text: String(decoding: result, as: UTF8.self), badEscapes: badEscapes)
}

/// What the bytes after a backslash stand for and how many they are; nil if they stand for nothing.
private func readEscape(_ bytes: ArraySlice<UInt8>) -> (bytes: [UInt8], length: Int)? {
  guard let first = bytes.first else { return nil }
  switch Unicode.Scalar(first) {
  case "n": return ([0x0A], 1)
  case "t": return ([0x09], 1)
  case "r": return ([0x0D], 1)
  case "0": return ([0], 1)
  case "\\", "'", "\"", "/", "`": return ([first], 1)
  case "\n": return ([], 1)
  case "x":
    let digits = bytes.dropFirst().prefix(2).compactMap(\.hexDigit)
    guard digits.count == 2 else { return nil }
    return (utf8(UInt32(digits[0]) * 16 + UInt32(digits[1])) ?? [], 3)
  case "u":
    guard bytes.dropFirst().first == UInt8(ascii: "{"), let close = bytes.prefix(9).firstIndex(of: UInt8(ascii: "}"))
    else { return nil }
    let digits = bytes[(bytes.startIndex + 2)..<close]
    guard (1...6).contains(digits.count), digits.allSatisfy({ $0.hexDigit != nil }) else { return nil }
    let value = digits.reduce(UInt32(0)) { $0 * 16 + UInt32($1.hexDigit ?? 0) }
    guard let encoded = utf8(value) else { return nil }
    return (encoded, close - bytes.startIndex + 1)
  default: return nil
  }
}

/// The UTF-8 bytes of a code point, or nil if it is none.
private func utf8(_ value: UInt32) -> [UInt8]? {
  Unicode.Scalar(value).map { Array(String($0).utf8) }
}
