// Bytes as letters, and letters that are none.
import Testing

@testable import DshFormats

@Suite struct Base64Tests {
  private func letters(_ bytes: [UInt8]) -> [UInt8] {
    var letters: [UInt8] = []
    bytes.withUnsafeBufferPointer { Base64.encode($0) { letters.append($0) } }
    return letters
  }

  private func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? { Array(text).withUnsafeBufferPointer { Base64.decode($0) } }

  @Test func bytesComeBack() {
    for count in 0..<40 {
      let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 67 + count) }
      #expect(bytes(letters(data)) == data)
      #expect(bytes(letters(data).filter { $0 != UInt8(ascii: "=") }) == data)
    }
    #expect(letters(Array("Zoë".utf8)) == Array("Wm/Dqw==".utf8))
  }

  @Test(arguments: ["A", "AB=C", "AB==C", "!!!!", "QUJD=", "QR=="]) func othersAreRefused(_ text: String) {
    #expect(bytes(text.utf8) == nil)
  }
}
