// What MD5, SHA-1 and SHA-256 have in common: blocks of 64 bytes, the last filled up with the length.

/// A hash function over blocks of 64 bytes.
protocol BlockHash {
  init()
  /// Whether the length stands behind the last block with its highest byte first.
  static var isBigEndian: Bool { get }
  mutating func add(_ block: UnsafePointer<UInt8>)
  var result: [UInt8] { get }
}

extension BlockHash {
  static func hash(_ text: TextSlice) -> [UInt8] {
    var hash = Self()
    let whole = text.count / 64 * 64
    if let start = text.baseAddress { for offset in stride(from: 0, to: whole, by: 64) { hash.add(start + offset) } }
    // A bit behind the text, zeros, and the length in bits in the last eight bytes of a block.
    var rest = Array(text[whole...]) + [0x80]
    while rest.count % 64 != 56 { rest.append(0) }
    let bitCount = UInt64(text.count) &* 8
    for index in 0..<8 {
      rest.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(isBigEndian ? 56 - index * 8 : index * 8)))
    }
    rest.withUnsafeBufferPointer { rest in
      if let start = rest.baseAddress { for offset in stride(from: 0, to: rest.count, by: 64) { hash.add(start + offset) } }
    }
    return hash.result
  }

  /// The sixteen words of a block.
  static func words(_ block: UnsafePointer<UInt8>) -> [UInt32] {
    (0..<16).map { index in
      let word = UnsafeRawPointer(block).loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
      return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
    }
  }

  static func bytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(isBigEndian ? 24 - $0 * 8 : $0 * 8)) } }
  }
}

extension UInt32 {
  @inline(__always) func rotatedLeft(_ count: UInt32) -> UInt32 { self << count | self >> (32 - count) }

  @inline(__always) func rotatedRight(_ count: UInt32) -> UInt32 { self >> count | self << (32 - count) }
}
