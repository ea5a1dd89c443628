// XXH64 with seed 0, as its specification describes it: four lanes over blocks of 32 bytes, then what is left.

enum XXHash64 {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  static func hash(_ text: TextSlice) -> UInt64 {
    guard let base = text.baseAddress else { return finish(prime5) }
    return hash(UnsafeRawPointer(base), count: text.count)
  }

  /// The hash of eight bytes, the lowest first, as an integer.
  static func hash(_ number: UInt64) -> Int64 {
    Int64(bitPattern: finish((prime5 &+ 8 ^ round(0, number.littleEndian)).rotated(27) &* prime1 &+ prime4))
  }

  private static func hash(_ bytes: UnsafeRawPointer, count: Int) -> UInt64 {
    func word(_ offset: Int) -> UInt64 { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
    var offset = 0
    var result = prime5
    if count >= 32 {
      var lanes: (UInt64, UInt64, UInt64, UInt64) = (prime1 &+ prime2, prime2, 0, 0 &- prime1)
      while offset + 32 <= count {
        lanes.0 = round(lanes.0, word(offset))
        lanes.1 = round(lanes.1, word(offset + 8))
        lanes.2 = round(lanes.2, word(offset + 16))
        lanes.3 = round(lanes.3, word(offset + 24))
        offset += 32
      }
      result = lanes.0.rotated(1) &+ lanes.1.rotated(7) &+ lanes.2.rotated(12) &+ lanes.3.rotated(18)
      for lane in [lanes.0, lanes.1, lanes.2, lanes.3] { result = (result ^ round(0, lane)) &* prime1 &+ prime4 }
    }
    result &+= UInt64(count)
    while offset + 8 <= count {
      result = (result ^ round(0, word(offset))).rotated(27) &* prime1 &+ prime4
      offset += 8
    }
    if offset + 4 <= count {
      let half = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      result = (result ^ UInt64(half) &* prime1).rotated(23) &* prime2 &+ prime3
      offset += 4
    }
    while offset < count {
      result = (result ^ UInt64(bytes.load(fromByteOffset: offset, as: UInt8.self)) &* prime5).rotated(11) &* prime1
      offset += 1
    }
    return finish(result)
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 { (lane &+ word &* prime2).rotated(31) &* prime1 }

  private static func finish(_ hash: UInt64) -> UInt64 {
    var hash = hash
    hash = (hash ^ hash >> 33) &* prime2
    hash = (hash ^ hash >> 29) &* prime3
    return hash ^ hash >> 32
  }
}

extension UInt64 {
  @inline(__always) fileprivate func rotated(_ count: UInt64) -> UInt64 { self << count | self >> (64 - count) }
}
