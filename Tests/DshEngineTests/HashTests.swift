// Hashes of texts of every length around the size of a block, against what other programs give.

import DshColumns
import Testing

@testable import DshEngine

@Suite struct HashTests {
  /// The hashes of as many times "a" as the number says, by Python's hashlib and zlib.
  @Test(arguments: [
    (0, "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709", UInt32(0)),
    (1, "0cc175b9c0f1b6a831c399e269772661", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8", 3904355907),
    (55, "ef1772b6dff9a122358552954ad0df65", "c1c8bbdc22796e28c0e15163d20899b65621d65a", 2866799438),
    (56, "3b0c8ac703f828b04c6c197006d17218", "c2db330f6083854c99d4b5bfb6e8f29f201be699", 2037976375),
    (63, "b06521f39153d618550606be297466d5", "03f09f5b158a7a8cdad920bddc29b81c18a551f5", 1747240414),
    (64, "014842d480b571495a4a0363793f7367", "0098ba824b5c16427bd7a1122a5a442a25ec644d", 2310301013),
    (65, "c743a45e0d2e6a95cb859adae0248435", "11655326c708d70319be2610e8a57d9a5b959d3b", 4081037149),
    (119, "8a7bd0732ed6a28ce75f6dabc90e1613", "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56", 1095035822),
    (120, "5f61c0ccad4cac44c75ff505e1f1e537", "f34c1488385346a55709ba056ddd08280dd4c6d6", 3650647111),
    (128, "e510683b3f5ffe4093d021808bc6ff70", "ad5b3fdbcb526778c2839d2f151ea753995e26a0", 4046141068),
    (1000, "cabe45dcc9ae5b66ba86600cca6b8ba8", "291e9a6c66994949b57ba5e650361e98fc36b1ba", 2587417091),
  ]) func agreesWithOthers(count: Int, md5: String, sha1: String, crc: UInt32) {
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: count)
    text.withUnsafeBufferPointer { text in
      #expect(hexadecimal(MD5.hash(text)) == md5)
      #expect(hexadecimal(SHA1.hash(text)) == sha1)
      #expect(CRC32.checksum(text) == crc)
    }
  }

  /// The SHA-256 hashes of the SHA-256 hashes of 0 to 199 times "a", one after the other.
  @Test func everyLengthAgrees() {
    var digests: [UInt8] = []
    for count in 0..<200 {
      [UInt8](repeating: UInt8(ascii: "a"), count: count).withUnsafeBufferPointer { digests += SHA256.hash($0) }
    }
    digests.withUnsafeBufferPointer {
      #expect(hexadecimal(SHA256.hash($0)) == "752c007f38611cfbf5fa42cb1cea3d8e086491c844d0cc4defd632cb81423506")
    }
  }

  @Test func numbersAreHashedAsTheirBytes() {
    for number in [UInt64(0), 1, 0x0123_4567_89AB_CDEF, .max] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
      bytes.withUnsafeBufferPointer { #expect(Int64(bitPattern: XXHash64.hash($0)) == XXHash64.hash(number)) }
    }
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
