// Bytes are UTF-8 for the vectors where they are for the standard library, and the first that is not is the same as one by one.
import CDshKernels
import Testing

@Suite struct UTF8Tests {
  private static let whole: [[UInt8]] = [
    Array("a".utf8), Array("é".utf8), Array("日".utf8), Array("😀".utf8), Array("abcdefghi".utf8),
    Array("a stretch of plain text, longer than a vector".utf8),
    Array(String(repeating: "much plain text ", count: 20).utf8), [0xED, 0x9F, 0xBF], [0xEF, 0xBF, 0xBF], [0xF4, 0x8F, 0xBF, 0xBF],
  ]
  private static let broken: [[UInt8]] = [
    [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xFF], [0xE0, 0x9F, 0x80], [0xF0, 0x8F, 0x80, 0x80],
    [0xC2],
    [0xE1, 0x80], [0xF1, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
  ]

  /// As an array of its own, so that what lies behind the last byte is not the test's.
  private func invalid(_ find: (UnsafePointer<UInt8>?, Int64) -> Int64, _ text: [UInt8]) -> Int64 {
    let exact = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, text.count))
    defer { exact.deallocate() }
    _ = exact.initialize(from: text)
    return find(exact.baseAddress, Int64(text.count))
  }

  @Test func findsWhatTheStandardLibraryFinds() {
    var generator = SeededGenerator(state: 2)
    for _ in 0..<20_000 {
      var text: [UInt8] = []
      let oddness = generator.pick([0, 0, 2, 30])
      for _ in 0..<Int.random(in: 0...30, using: &generator) {
        text += generator.pick(Int.random(in: 0..<100, using: &generator) < oddness ? Self.broken : Self.whole)
      }
      if Bool.random(using: &generator) && !text.isEmpty { text.removeLast() }
      let found = invalid(dsh_utf8_first_invalid, text)
      let isRight = (found < 0) == (String(validating: text, as: UTF8.self) != nil)
      let isPrefixValid = found < 0 || String(validating: text.prefix(Int(found)), as: UTF8.self) != nil
      if !isRight || !isPrefixValid || found != invalid(dsh_utf8_first_invalid_portable, text) { Issue.record("\(text)") }
    }
  }
}
