// Cells of fixed widths become cells with separators, however the bytes are cut.
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct FixedWidthDecoderTests {
  private func decoded(_ text: [UInt8], _ widths: [Int], countsBytes: Bool = false, piece: Int) throws -> String {
    var decoder = FixedWidthDecoder(widths: widths, countsBytes: countsBytes)
    var output: [UInt8] = []
    var position = 0
    while position < text.count {
      let end = min(text.count, position + piece)
      output += try text[position..<end].withUnsafeBytes { try decoder.decode($0, isEnd: false) }
      position = end
    }
    output += try decoder.decode(UnsafeRawBufferPointer(start: nil, count: 0), isEnd: true)
    return String(decoding: output, as: UTF8.self).replacing("\u{1F}", with: "|")
  }

  @Test func cellsAreCutByCharacters() throws {
    let cases: [(String, [Int], String)] = [
      ("ab  1\ncd 22\n", [3, 2], "ab|1\ncd|22\n"),
      ("Ümit  5\nab", [6, 2], "Ümit|5\nab|"), ("\u{FEFF}a b c\r\n\r\n x", [2, 1, 2], "a|b|c\n\nx||"),
      ("12345\n", [2, 2], "12|34\n"), ("日本語x", [3, 1], "日本語|x"), ("", [1], ""), ("\n", [1, 1], "\n"), ("   \n", [1, 2], "|\n"),
    ]
    for (text, widths, wanted) in cases {
      for piece in [1, 2, 3, 5, 100] { #expect(try decoded(Array(text.utf8), widths, piece: piece) == wanted, "\(text) by \(piece)") }
    }
    #expect(try decoded([0xC3, 0xBC, 0x78], [1, 2], countsBytes: true, piece: 2).utf8.contains(UInt8(ascii: "|")))
  }
}
