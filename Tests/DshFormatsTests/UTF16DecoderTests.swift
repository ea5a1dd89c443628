// UTF-16 in any order of bytes and cut anywhere becomes the same text; what is no UTF-16 is an error with its line.
import DshDiagnostics
@testable import DshFormats
import Testing

@Suite struct UTF16DecoderTests {
  private func bytes(_ text: String, isBigEndian: Bool, hasMark: Bool = true) -> [UInt8] {
    ((hasMark ? [0xFEFF] : []) + Array(text.utf16)).flatMap {
      isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)]
    }
  }

  /// What comes out if the bytes come in pieces of some lengths, one after the other.
  private func decoded(_ bytes: [UInt8], order: UTF16Order? = nil, pieces: [Int] = [1 << 20]) throws -> [UInt8] {
    var decoder = UTF16Decoder(name: "f", order: order)
    var output: [UInt8] = []
    var position = 0
    var turn = 0
    while position < bytes.count {
      let piece = Array(bytes[position..<min(bytes.count, position + pieces[turn % pieces.count])])
      output += try piece.withUnsafeBytes { try decoder.decode($0, isEnd: false) } ?? piece
      position += piece.count
      turn += 1
    }
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    return output + (try decoder.decode(nothing, isEnd: true) ?? [])
  }

  private static let text = "name,n\r\nÜmit,1\n\u{FFFD}\u{1F600} 日本,2\n\u{10FFFF}\u{0},3\n" + String(repeating: "long,text 😀\n", count: 20)

  @Test(arguments: [true, false]) func anyCutGivesTheSameText(isBigEndian: Bool) throws {
    let wanted = Array(Self.text.utf8)
    for pieces in [[1], [2], [3], [7, 1], [63], [64], [65, 2], [1 << 20]] {
      #expect(try decoded(bytes(Self.text, isBigEndian: isBigEndian), pieces: pieces) == wanted)
      let order: UTF16Order = isBigEndian ? .bigEndian : .littleEndian
      #expect(try decoded(bytes(Self.text, isBigEndian: isBigEndian, hasMark: false), order: order, pieces: pieces) == wanted)
      #expect(try decoded(bytes(Self.text, isBigEndian: isBigEndian), order: .byMark, pieces: pieces) == wanted)
    }
  }

  @Test func otherTextPasses() throws {
    for bytes: [UInt8] in [[], [0xFF], [0xEF, 0xBB, 0xBF, 0x61], Array(Self.text.utf8), [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0]] {
      for pieces in [[1], [5], [100]] { #expect(try decoded(bytes, pieces: pieces) == bytes) }
    }
    #expect(try decoded([0xFF, 0xFE]) == [])
    #expect(try decoded([], order: .byMark) == [])
  }

  private func error(_ bytes: [UInt8], order: UTF16Order? = nil) -> Diagnostic? {
    #expect(throws: Diagnostic.self) { try decoded(bytes, order: order, pieces: [3]) }
  }

  @Test func halvesOfPairsAreNamedWithTheirLine() {
    let begin = bytes("a\nb\r\nc", isBigEndian: false)
    for units: [UInt8] in [[0x00, 0xD8], [0x00, 0xDC], [0x00, 0xD8, 0x61, 0x00], [0x00, 0xD8, 0x00, 0xD8, 0x00, 0xDC], [0x61]] {
      let error = error(begin + units)
      #expect(error?.code == .notUTF16 && error?.message.hasSuffix("f, line 3") == true, "\(units)")
    }
  }

  @Test func orderIsAskedForWhereNothingTells() {
    for (order, name) in [(false, "utf16le"), (true, "utf16be")] {
      let error = error(bytes("a,b\n1,2\n", isBigEndian: order, hasMark: false), order: .byMark)
      #expect(error?.code == .byteOrder && error?.suggestion?.text.contains("--encoding=\(name)") == true)
    }
    #expect(error(bytes("a,b\n", isBigEndian: true), order: .littleEndian)?.suggestion?.text.contains("utf16be") == true)
  }

  @Test func zerosSuggestAnOrder() {
    #expect(UTF16Order.suggested(by: bytes("a,b\n1,2\n", isBigEndian: false, hasMark: false)) == .littleEndian)
    #expect(UTF16Order.suggested(by: bytes("name,Ümit\n", isBigEndian: true, hasMark: false)) == .bigEndian)
    #expect(UTF16Order.suggested(by: Array("a,b\n1,\0\n".utf8)) == nil)
    #expect(UTF16Order.suggested(by: [0, 0, 0, 0, 0, 0, 0, 0]) == nil)
    #expect(UTF16Order.suggested(by: []) == nil)
  }
}
