// A text that is checked to be JSON (RFC 8259), and how to find one's way in it without recursion.

/// Bytes that are known to be one JSON value with white space around it.
struct JSONText {
  private let bytes: TextSlice

  /// Deeper values are refused: no program writes them, and what reads them elsewhere may overflow its stack.
  static let depthLimit = 1000

  /// nil if the text is no JSON, or deeper than the limit.
  init?(_ text: TextSlice) {
    guard text.isASCII || String(validating: text, as: UTF8.self) != nil else { return nil }
    bytes = text
    guard isValid() else { return nil }
  }

  /// The kinds of values.
  enum Kind: String { case object, array, string, number, bool, null }

  /// Where the value of the whole text begins.
  var start: Int { skipSpace(0) }

  func kind(at position: Int) -> Kind {
    switch Unicode.Scalar(bytes[position]) {
    case "{": .object
    case "[": .array
    case "\"": .string
    case "t", "f": .bool
    case "n": .null
    default: .number
    }
  }

  /// The bytes of the value that begins at a position.
  func value(at position: Int) -> TextSlice { bytes.part(position..<end(of: position)) }

  // MARK: Members

  /// Calls `body` with where each element of an array begins, until it gives false.
  func forEachElement(at position: Int, _ body: (Int) -> Bool) {
    var next = skipSpace(position + 1)
    while bytes[next] != UInt8(ascii: "]") {
      guard body(next) else { return }
      next = skipSpace(end(of: next))
      if bytes[next] == UInt8(ascii: ",") { next = skipSpace(next + 1) }
    }
  }

  /// Calls `body` with where the name and the value of each member of an object begin, until it gives false.
  func forEachMember(at position: Int, _ body: (_ name: Int, _ value: Int) -> Bool) {
    var next = skipSpace(position + 1)
    while bytes[next] != UInt8(ascii: "}") {
      let colon = skipSpace(end(of: next))
      let value = skipSpace(colon + 1)
      guard body(next, value) else { return }
      next = skipSpace(end(of: value))
      if bytes[next] == UInt8(ascii: ",") { next = skipSpace(next + 1) }
    }
  }

  /// The text of the string that begins at a position; half of a pair of surrogates becomes U+FFFD.
  func string(at position: Int) -> [UInt8] {
    let inner = bytes.part((position + 1)..<(end(of: position) - 1))
    guard inner.contains(UInt8(ascii: "\\")) else { return Array(inner) }
    var result: [UInt8] = []
    var index = 0
    while index < inner.count {
      guard inner[index] == UInt8(ascii: "\\") else {
        result.append(inner[index])
        index += 1
        continue
      }
      let escape = inner[index + 1]
      index += 2
      switch Unicode.Scalar(escape) {
      case "b": result.append(0x08)
      case "f": result.append(0x0C)
      case "n": result.append(0x0A)
      case "r": result.append(0x0D)
      case "t": result.append(0x09)
      case "u":
        var value = Self.hexadecimal(inner, at: index)
        index += 4
        if 0xD800...0xDBFF ~= value, index + 6 <= inner.count, inner[index] == UInt8(ascii: "\\"), inner[index + 1] == UInt8(ascii: "u") {
          let low = Self.hexadecimal(inner, at: index + 2)
          if 0xDC00...0xDFFF ~= low {
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            index += 6
          }
        }
        result += Array(String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
      default: result.append(escape)
      }
    }
    return result
  }

  private static func hexadecimal(_ text: TextSlice, at index: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 4 | UInt32(text[index + $1].hexValue ?? 0) }
  }

  // MARK: Steps over what is known to be valid

  private func skipSpace(_ position: Int) -> Int {
    var next = position
    while next < bytes.count, Self.isSpace(bytes[next]) { next += 1 }
    return next
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  /// The position behind the value that begins at one.
  private func end(of position: Int) -> Int {
    var next = position
    var depth = 0
    repeat {
      switch Unicode.Scalar(bytes[next]) {
      case "\"":
        next += 1
        while bytes[next] != UInt8(ascii: "\"") { next += bytes[next] == UInt8(ascii: "\\") ? 2 : 1 }
        next += 1
      case "{", "[":
        depth += 1
        next += 1
      case "}", "]":
        depth -= 1
        next += 1
      case ",", ":", " ", "\n", "\r", "\t": next += 1
      default:
        while next < bytes.count, !",]}:".utf8.contains(bytes[next]), !Self.isSpace(bytes[next]) { next += 1 }
      }
    } while depth > 0
    return next
  }

  // MARK: The check

  private func isValid() -> Bool {
    /// Whether each open bracket is that of an object.
    var open: [Bool] = []
    var position = skipSpace(0)
    while true {
      // A value begins here.
      guard position < bytes.count else { return false }
      let isObject = bytes[position] == UInt8(ascii: "{")
      if isObject || bytes[position] == UInt8(ascii: "[") {
        guard open.count < Self.depthLimit else { return false }
        position = skipSpace(position + 1)
        guard position < bytes.count else { return false }
        if bytes[position] != UInt8(ascii: isObject ? "}" : "]") {
          open.append(isObject)
          if isObject {
            guard let value = skipName(position) else { return false }
            position = value
          }
          continue
        }
        position += 1
      } else {
        guard let end = skipScalar(position) else { return false }
        position = end
      }
      // A value has ended: what is around it goes on or ends.
      while true {
        position = skipSpace(position)
        guard let isObject = open.last else { return position == bytes.count }
        guard position < bytes.count else { return false }
        if bytes[position] == UInt8(ascii: ",") {
          position = skipSpace(position + 1)
          if isObject {
            guard let value = skipName(position) else { return false }
            position = value
          }
          break
        }
        guard bytes[position] == UInt8(ascii: isObject ? "}" : "]") else { return false }
        open.removeLast()
        position += 1
      }
    }
  }

  /// The position of the value behind the name of a member.
  private func skipName(_ position: Int) -> Int? {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\""), let end = skipString(position) else { return nil }
    let colon = skipSpace(end)
    guard colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else { return nil }
    return skipSpace(colon + 1)
  }

  private func skipScalar(_ position: Int) -> Int? {
    switch Unicode.Scalar(bytes[position]) {
    case "\"": skipString(position)
    case "t": skipWord("true", position)
    case "f": skipWord("false", position)
    case "n": skipWord("null", position)
    default: skipNumber(position)
    }
  }

  private func skipWord(_ word: String, _ position: Int) -> Int? {
    let end = position + word.utf8.count
    return end <= bytes.count && bytes.part(position..<end).elementsEqual(word.utf8) ? end : nil
  }

  private func skipString(_ position: Int) -> Int? {
    var next = position + 1
    while next < bytes.count {
      switch bytes[next] {
      case UInt8(ascii: "\""): return next + 1
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard next + 1 < bytes.count else { return nil }
        if bytes[next + 1] == UInt8(ascii: "u") {
          guard next + 6 <= bytes.count, (2..<6).allSatisfy({ bytes[next + $0].hexValue != nil }) else { return nil }
          next += 6
        } else {
          guard "\"\\/bfnrt".utf8.contains(bytes[next + 1]) else { return nil }
          next += 2
        }
      default: next += 1
      }
    }
    return nil
  }

  private func skipNumber(_ position: Int) -> Int? {
    var next = position
    func skipDigits() -> Bool {
      let start = next
      while next < bytes.count, bytes[next].isASCIIDigit { next += 1 }
      return next > start
    }
    func isAt(_ characters: String) -> Bool { next < bytes.count && characters.utf8.contains(bytes[next]) }
    if isAt("-") { next += 1 }
    if isAt("0") { next += 1 } else if !skipDigits() { return nil }
    if isAt(".") {
      next += 1
      if !skipDigits() { return nil }
    }
    if isAt("eE") {
      next += 1
      if isAt("+-") { next += 1 }
      if !skipDigits() { return nil }
    }
    return next
  }
}
