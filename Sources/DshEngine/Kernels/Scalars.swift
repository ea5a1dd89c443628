// Unicode scalars inside UTF-8 bytes: a "character" of the text functions is a scalar.

extension TextSlice {
  /// Whether every byte is ASCII, so that bytes are scalars.
  @inline(__always) var isASCII: Bool {
    guard let base = baseAddress else { return true }
    let raw = UnsafeRawPointer(base)
    var offset = 0
    var bits: UInt64 = 0
    while offset &+ 8 <= count {
      bits |= raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset &+= 8
    }
    while offset < count {
      bits |= UInt64(base[offset])
      offset &+= 1
    }
    return bits & 0x8080_8080_8080_8080 == 0
  }

  /// The number of scalars: of bytes that do not continue one.
  @inline(__always) var scalarCount: Int {
    guard let base = baseAddress else { return 0 }
    var total = 0
    for index in 0..<count { total &+= Int(base[index] & 0xC0 != 0x80 ? 1 : 0) }
    return total
  }

  /// The byte offset of the scalar at an index from 0; the end if there are fewer.
  func byteOffset(ofScalar index: Int) -> Int {
    if index <= 0 { return 0 }
    if index >= count { return count }
    if isASCII { return index }
    var seen = -1
    for (offset, byte) in enumerated() where byte & 0xC0 != 0x80 {
      seen += 1
      if seen == index { return offset }
    }
    return count
  }

  /// The byte offset after the scalar at an offset.
  @inline(__always) func offset(after start: Int) -> Int {
    var next = start &+ 1
    while next < count && self[next] & 0xC0 == 0x80 { next &+= 1 }
    return next
  }

  /// The byte offset of the scalar that ends at an offset above 0.
  @inline(__always) func offset(before end: Int) -> Int {
    var previous = end &- 1
    while previous > 0 && self[previous] & 0xC0 == 0x80 { previous &-= 1 }
    return previous
  }

  /// Whether the scalar in a byte range is white space (Unicode property White_Space).
  func isWhitespace(_ range: Range<Int>) -> Bool {
    let first = self[range.lowerBound]
    if first < 0x80 { return first == 0x20 || (first >= 0x09 && first <= 0x0D) }
    return String(decoding: part(range), as: UTF8.self).unicodeScalars.first?.properties.isWhitespace ?? false
  }
}
