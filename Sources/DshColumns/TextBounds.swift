// The least and greatest text of a column, cut to a few bytes: enough to pass over blocks, and little to send.

/// Two texts between which all texts of a column are.
public struct TextBounds {
  /// No text of the column comes before it.
  private(set) var least: String?
  /// No text of the column comes after it; nil if there is no such text of a few bytes.
  private(set) var greatest: String?
  /// Whether both are texts of the column.
  private(set) var isExact = true

  /// Bounds have at most so many bytes: reports of tasks stay small whatever texts hold.
  static let limitBytes = 16

  /// The bounds of the texts of all rows that are not null.
  ///
  /// - Parameters:
  ///   - offsets: Where the text of each row begins, and behind them the end of the last.
  ///   - bytes: The bytes of all texts.
  init(offsets: Buffer, bytes: Buffer, validity: Bitmap?, count: Int) {
    // Offsets of a column stay within its bytes, and there is one more than rows.
    let ends = unsafe offsets.pointer(to: Int32.self)
    var lowest: (key: Key, row: Int)?
    var highest: (key: Key, row: Int)?
    // Most texts are told apart from both by their first eight bytes.
    var between: ClosedRange<UInt64>?
    let lastWhole = bytes.byteCount &- 8
    for row in 0..<count where unsafe validity?[row] ?? true {
      let start = unsafe Int(ends[row])
      let length = unsafe Int(ends[row &+ 1]) &- start
      if let between, length >= 8, start <= lastWhole {
        let word = unsafe UInt64(bigEndian: (bytes.address + start).loadUnaligned(as: UInt64.self))
        if word > between.lowerBound, word < between.upperBound { continue }
      }
      let key = unsafe Key(bytes, start: start, count: length)
      if lowest.map({ key < $0.key }) ?? true { lowest = (key, row) }
      if highest.map({ $0.key < key }) ?? true { highest = (key, row) }
      if let low = lowest?.key.high, let high = highest?.key.high { between = low...high }
    }
    guard let lowest, let highest else { return }
    func text(_ row: Int) -> UnsafeRawBufferPointer {
      unsafe UnsafeRawBufferPointer(rebasing: bytes.bytes[Int(ends[row])..<Int(ends[row + 1])])
    }
    unsafe note(least: text(lowest.row), greatest: text(highest.row))
  }

  /// The bounds of a few texts.
  init(_ texts: [[UInt8]]) {
    guard let least = texts.min(by: { $0.lexicographicallyPrecedes($1) }),
      let greatest = texts.max(by: { $0.lexicographicallyPrecedes($1) })
    else { return }
    unsafe least.withUnsafeBytes { least in unsafe greatest.withUnsafeBytes { unsafe note(least: least, greatest: $0) } }
  }

  private mutating func note(least: UnsafeRawBufferPointer, greatest: UnsafeRawBufferPointer) {
    self.least = unsafe Self.cut(least)
    let prefix = unsafe Self.cut(greatest)
    let isWhole = greatest.count <= Self.limitBytes
    self.greatest = isWhole ? prefix : Self.successor(of: prefix)
    isExact = isWhole && least.count <= Self.limitBytes
  }

  /// The first bytes of a text as far as they are whole characters: it comes before the text or is the text.
  private static func cut(_ text: UnsafeRawBufferPointer) -> String {
    var end = min(text.count, limitBytes)
    // Not in the middle of a character: its later bytes are 10xxxxxx. In bounds: less than the text has.
    while end > 0, end < text.count, unsafe text[end] & 0xC0 == 0x80 { end -= 1 }
    return unsafe String(decoding: text[..<end], as: UTF8.self)
  }

  /// The first text behind all that begin with a prefix; nil if there is none.
  public static func successor(of prefix: String) -> String? {
    var scalars = prefix.unicodeScalars
    while let last = scalars.popLast() {
      // Behind U+D7FF comes U+E000: the numbers between are no characters.
      guard let next = Unicode.Scalar(last.value == 0xD7FF ? 0xE000 : last.value + 1) else { continue }
      scalars.append(next)
      return String(scalars)
    }
    return nil
  }
}

/// The first bytes of a text as numbers, so that two are compared at once.
private struct Key {
  let high: UInt64
  private let low: UInt64
  /// The bytes of the text; of all that have more than fit into the words one more.
  private let count: Int

  /// The range lies within the bytes.
  @unsafe init(_ bytes: Buffer, start: Int, count: Int) {
    self.count = min(count, TextBounds.limitBytes + 1)
    if start &+ 16 <= bytes.byteCount {
      let first = unsafe UInt64(bigEndian: (bytes.address + start).loadUnaligned(as: UInt64.self))
      let second = unsafe UInt64(bigEndian: (bytes.address + start + 8).loadUnaligned(as: UInt64.self))
      high = first & Self.mask(count)
      low = second & Self.mask(count &- 8)
      return
    }
    var words: (UInt64, UInt64) = (0, 0)
    for index in 0..<min(count, 16) {
      let byte = unsafe UInt64(bytes.pointer(to: UInt8.self)[start &+ index])
      if index < 8 { words.0 |= byte &<< UInt64(56 &- 8 &* index) } else { words.1 |= byte &<< UInt64(120 &- 8 &* index) }
    }
    (high, low) = words
  }

  /// The highest so many bytes.
  @inline(__always) private static func mask(_ count: Int) -> UInt64 { count <= 0 ? 0 : count >= 8 ? ~0 : ~0 &<< UInt64(64 &- 8 &* count) }

  static func < (a: Key, b: Key) -> Bool {
    if a.high != b.high { return a.high < b.high }
    if a.low != b.low { return a.low < b.low }
    return a.count < b.count
  }
}
