// The validity map of a growing column.

/// Bits for the rows so far; takes no memory before the first map comes.
struct ValidityBuilder {
  private var words: MutableBuffer?
  private(set) var count = 0

  var byteCount: Int { words == nil ? 0 : Bitmap.byteCount(for: count) }

  /// Appends the bits of a column of so many rows; no map stands for no null.
  mutating func append(_ map: Bitmap?, count added: Int) {
    if map != nil && words == nil {
      words = MutableBuffer(capacity: (count + added) / 8 + MutableBuffer.alignment)
      let before = count
      count = 0
      appendBits(nil, count: before)
    }
    if words == nil { count += added } else { appendBits(map, count: added) }
  }

  private mutating func appendBits(_ map: Bitmap?, count added: Int) {
    guard let words else { return }
    let needed = (count + added + 63) / 64 * 8
    if needed > words.byteCount { words.appendZeros(needed - words.byteCount) }
    // There are words for all bits now.
    let output = unsafe words.pointer(to: UInt64.self)
    let shift = UInt64(count & 63)
    for index in 0..<(added + 63) / 64 {
      let remaining = min(64, added - index * 64)
      let word = unsafe map?.word(index) ?? ~0 &>> UInt64(64 - remaining)
      let place = count / 64 + index
      unsafe output[place] |= word &<< shift
      if shift != 0 && UInt64(remaining) + shift > 64 { unsafe output[place + 1] |= word &>> (64 - shift) }
    }
    count += added
  }

  /// The map, nil if no column brought one.
  func finish() -> Bitmap? { words.map { Bitmap(buffer: $0.freeze(), count: count) } }
}
