// Turns UTF-16 into UTF-8 as it comes, so that no reader has to know it.
import DshDiagnostics
import DshSystem

/// The order of the two bytes of a unit of UTF-16.
public enum UTF16Order: Sendable, Hashable {
  case littleEndian, bigEndian
  /// What the byte-order mark at the beginning says.
  case byMark

  /// The order in which a person asks for UTF-16; nil for another encoding.
  public init?(encodingName: String) {
    switch encodingName.lowercased() {
    case "utf16", "utf-16": self = .byMark
    case "utf16le", "utf-16le": self = .littleEndian
    case "utf16be", "utf-16be": self = .bigEndian
    default: return nil
    }
  }

  /// The order that a text's first bytes say with a byte-order mark; nil if it has none. UTF-32 has a longer one, which begins alike.
  static func marked(_ head: some Collection<UInt8>) -> UTF16Order? {
    if head.starts(with: [0xFF, 0xFE]), !head.starts(with: [0xFF, 0xFE, 0, 0]) { return .littleEndian }
    return head.starts(with: [0xFE, 0xFF]) ? .bigEndian : nil
  }

  /// The order that the zero bytes of Latin text without a mark suggest; nil if that is no such text.
  static func suggested(by head: some Collection<UInt8>) -> UTF16Order? {
    var zeros = [0, 0]
    for (index, byte) in head.enumerated() where byte == 0 { zeros[index % 2] += 1 }
    // Text in which every other byte is zero, nearly.
    if zeros[1] * 4 > head.count && zeros[0] * 16 < zeros[1] { return .littleEndian }
    return zeros[0] * 4 > head.count && zeros[1] * 16 < zeros[0] ? .bigEndian : nil
  }

  var optionText: String { self == .bigEndian ? "--encoding=utf16be" : "--encoding=utf16le" }
}

/// Bytes of UTF-16, cut anywhere, on their way to UTF-8. Other text passes, if it is only a mark that would tell.
public struct UTF16Decoder: Sendable {
  private enum State {
    /// The beginning, as far as it has come.
    case undecided([UInt8])
    case passing
    case decoding(isBigEndian: Bool)
  }

  private let name: String
  private let asked: UTF16Order?
  private var state = State.undecided([])
  /// The first byte of a unit whose second has not come.
  private var half: UInt8?
  /// The first unit of a pair whose second has not come.
  private var high: UInt16?
  private var line = 1
  private var isBehindReturn = false

  /// Enough to tell marks from each other, and to find zeros where there is none.
  private static let headBytes = 64

  /// - Parameters:
  ///   - name: what errors call the text.
  ///   - asked: the order that a person gave; nil if the text may be something else.
  public init(name: String, order asked: UTF16Order?) {
    self.name = name
    self.asked = asked
  }

  /// Whether a file that begins with these bytes has to be decoded.
  public static func isNeeded(for head: [UInt8], order asked: UTF16Order?) -> Bool { asked != nil || UTF16Order.marked(head) != nil }

  /// What the bytes are in UTF-8; nil if they pass as they are. Throws `not-utf16` or `byte-order`.
  public mutating func decode(_ bytes: UnsafeRawBufferPointer, isEnd: Bool) throws(Diagnostic) -> [UInt8]? {
    switch state {
    case .passing: return nil
    case .decoding(let isBigEndian): return try decode(bytes, isBigEndian, isEnd)
    case .undecided(let before):
      let head = before + bytes
      if head.count < Self.headBytes && !isEnd {
        state = .undecided(head)
        return []
      }
      guard let isBigEndian = try order(of: head) else {
        state = .passing
        return before.isEmpty ? nil : head
      }
      state = .decoding(isBigEndian: isBigEndian)
      var result: Result<[UInt8], Diagnostic> = .success([])
      let text = UTF16Order.marked(head) == nil ? head[...] : head.dropFirst(2)
      text.withUnsafeBytes { text in
        do throws(Diagnostic) { result = .success(try decode(text, isBigEndian, isEnd)) } catch { result = .failure(error) }
      }
      return try result.get()
    }
  }

  /// Whether the first byte of a unit is the high one; nil for text that is not UTF-16.
  private func order(of head: [UInt8]) throws(Diagnostic) -> Bool? {
    let marked = UTF16Order.marked(head)
    guard let asked, !head.isEmpty else { return marked.map { $0 == .bigEndian } }
    if asked == .byMark {
      guard let marked else {
        throw Diagnostic(
          .byteOrder, "no byte-order mark tells the order of bytes: \(name)",
          suggestion: "\((UTF16Order.suggested(by: head) ?? .littleEndian).optionText) says it")
      }
      return marked == .bigEndian
    }
    if let marked, marked != asked {
      throw Diagnostic(
        .byteOrder, "the byte-order mark says the other order of bytes: \(name)", suggestion: "\(marked.optionText) reads it")
    }
    return asked == .bigEndian
  }

  private mutating func decode(_ bytes: UnsafeRawBufferPointer, _ isBigEndian: Bool, _ isEnd: Bool) throws(Diagnostic) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    for byte in bytes {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      try append(isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first), to: &output)
    }
    if isEnd, high != nil { throw unpaired() }
    if isEnd, half != nil {
      throw Diagnostic(.notUTF16, "not UTF-16 text, which has an even number of bytes: \(name), line \(line)")
    }
    return output
  }

  private mutating func append(_ unit: UInt16, to output: inout [UInt8]) throws(Diagnostic) {
    if let first = high {
      guard 0xDC00...0xDFFF ~= unit else { throw unpaired() }
      high = nil
      let character = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
      output.append(0xF0 | UInt8(character >> 18))
      output.append(0x80 | UInt8(character >> 12 & 0x3F))
      output.append(0x80 | UInt8(character >> 6 & 0x3F))
      output.append(0x80 | UInt8(character & 0x3F))
      return
    }
    // A line feed, or a carriage return that none follows.
    if unit == 0x0A || isBehindReturn { line += 1 }
    isBehindReturn = unit == 0x0D
    switch unit {
    case 0..<0x80: output.append(UInt8(unit))
    case 0x80..<0x800:
      output.append(0xC0 | UInt8(unit >> 6))
      output.append(0x80 | UInt8(unit & 0x3F))
    case 0xD800..<0xDC00: high = unit
    case 0xDC00..<0xE000: throw unpaired()
    default:
      output.append(0xE0 | UInt8(unit >> 12))
      output.append(0x80 | UInt8(unit >> 6 & 0x3F))
      output.append(0x80 | UInt8(unit & 0x3F))
    }
  }

  private func unpaired() -> Diagnostic {
    Diagnostic(.notUTF16, "not UTF-16 text: half of a pair of units stands alone: \(name), line \(line)")
  }
}
