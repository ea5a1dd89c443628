// Validity maps put together against plain arrays of truth values.
@testable import DshColumns
import Testing

struct ValidityBuilderTests {
  @Test func mapsOfAllLengthsJoin() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var builder = ValidityBuilder()
      var expected: [Bool] = []
      var hasMap = false
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        let count = Int.random(in: 0...150, using: &random)
        if Bool.random(using: &random) {
          builder.append(nil, count: count)
          expected += [Bool](repeating: true, count: count)
        } else {
          let bits = (0..<count).map { _ in Bool.random(using: &random) }
          builder.append(bitmap(bits), count: count)
          expected += bits
          hasMap = true
        }
      }
      #expect(builder.count == expected.count)
      let map = builder.finish()
      #expect((map != nil) == hasMap)
      if let map { #expect((0..<map.count).map { map[$0] } == expected) }
    }
  }

  /// The bits with ones behind the last, which nobody may take for rows.
  private func bitmap(_ bits: [Bool]) -> Bitmap {
    let buffer = MutableBuffer(capacity: bits.count / 8 + 1)
    for _ in 0...bits.count / 8 { buffer.append(UInt8(0xFF)) }
    for (index, bit) in bits.enumerated() where !bit { buffer.pointer(to: UInt8.self)[index / 8] &= ~(1 << UInt8(index % 8)) }
    return Bitmap(buffer: buffer.freeze(), count: bits.count)
  }
}
