// Turns the bytes that a terminal sends into characters, key sequences and pasted texts.

/// One thing a terminal sent.
enum InputUnit: Hashable {
  case character(Unicode.Scalar)
  /// A key as a whole escape sequence, such as `ESC [ A` for Up.
  case sequence(String)
  /// What stood between the marks of a bracketed paste.
  case paste(String)
}

/// A decoder fed with reads of any size.
///
/// An escape sequence that is cut off by the end of a read is waited for only inside a paste or after `ESC [`; a lone ESC at the end
/// of a read is the key itself.
struct InputDecoder {
  /// Key sequences of an unknown kind are dropped whole instead of leaving letters in the line; no key's sequence is longer.
  static let sequenceLimit = 32

  private var bytes: [UInt8] = []
  private var pasted: [UInt8]?
  private var units: [InputUnit] = []
  private var nextUnit = 0

  private static let pasteStart = Array("\u{1B}[200~".utf8)
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  /// Whether a unit is ready.
  var isEmpty: Bool { nextUnit == units.count }

  /// Takes in what was read.
  mutating func feed(_ new: some Sequence<UInt8>) {
    bytes += new
    decode()
  }

  /// The next unit, if one is complete.
  mutating func next() -> InputUnit? {
    guard nextUnit < units.count else { return nil }
    let unit = units[nextUnit]
    nextUnit += 1
    if nextUnit == units.count {
      units.removeAll(keepingCapacity: true)
      nextUnit = 0
    }
    return unit
  }

  private mutating func decode() {
    var index = 0
    while index < bytes.count {
      if pasted != nil {
        guard let end = takePaste(from: index) else { break }
        index = end
        continue
      }
      let byte = bytes[index]
      if byte == 0x1B {
        guard let end = takeSequence(from: index) else { break }
        index = end
        continue
      }
      let length = Self.length(ofCharacterStartingWith: byte)
      if index + length > bytes.count, bytes[(index + 1)...].allSatisfy({ $0 & 0xC0 == 0x80 }) { break }
      let end = min(index + length, bytes.count)
      if let scalar = String(validating: bytes[index..<end], as: UTF8.self)?.unicodeScalars.first {
        units.append(.character(scalar))
        index = end
      } else {
        // Bytes that are no UTF-8 can't be text: dropped one by one, so that decoding falls into step again.
        index += 1
      }
    }
    bytes.removeFirst(index)
  }

  /// Collects up to the end mark; where it ended, or nil if more is needed.
  private mutating func takePaste(from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      if bytes[index] == 0x1B {
        let rest = bytes[index...].prefix(Self.pasteEnd.count)
        if rest.elementsEqual(Self.pasteEnd) {
          units.append(.paste(String(decoding: (pasted ?? []) + bytes[start..<index], as: UTF8.self)))
          pasted = nil
          return index + Self.pasteEnd.count
        }
        if rest.count < Self.pasteEnd.count, Self.pasteEnd.starts(with: rest) { break }
      }
      index += 1
    }
    pasted?.append(contentsOf: bytes[start..<index])
    bytes.removeSubrange(start..<index)
    return nil
  }

  /// Takes an escape sequence; where it ended, or nil if more is needed.
  private mutating func takeSequence(from start: Int) -> Int? {
    guard start + 1 < bytes.count else {
      units.append(.character("\u{1B}"))
      return start + 1
    }
    let second = bytes[start + 1]
    if second == UInt8(ascii: "O") {
      // Keypad and arrow keys of the application mode: the same keys as `ESC [ x`.
      guard start + 2 < bytes.count else {
        units.append(.character("\u{1B}"))
        return start + 1
      }
      units.append(.sequence("\u{1B}[" + String(UnicodeScalar(bytes[start + 2]))))
      return start + 3
    }
    if second == 0x0D || second == 0x0A || second == 0x7F || second == 0x08 {
      // Alt with Enter or Backspace: one key, whatever Escape alone may mean.
      units.append(.sequence("\u{1B}" + String(UnicodeScalar(second))))
      return start + 2
    }
    guard second == UInt8(ascii: "[") else {
      units.append(.character("\u{1B}"))
      return start + 1
    }
    var end = start + 2
    while end < bytes.count, !(0x40...0x7E).contains(bytes[end]), end - start < Self.sequenceLimit { end += 1 }
    guard end < bytes.count else { return nil }
    let sequence = bytes[start...end]
    if sequence.elementsEqual(Self.pasteStart) {
      pasted = []
    } else {
      units.append(.sequence(String(decoding: sequence, as: UTF8.self)))
    }
    return end + 1
  }

  private static func length(ofCharacterStartingWith byte: UInt8) -> Int {
    switch byte {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}
