// CRC-32 with the polynomial of zip, PNG and Ethernet, the lowest bit first.

enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { (byte: UInt32) -> UInt32 in
    var remainder = byte
    for _ in 0..<8 { remainder = remainder & 1 == 0 ? remainder >> 1 : (remainder >> 1) ^ 0xEDB8_8320 }
    return remainder
  }

  static func checksum(_ text: TextSlice) -> UInt32 {
    var remainder = UInt32.max
    for byte in text { remainder = (remainder >> 8) ^ table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] }
    return ~remainder
  }
}
