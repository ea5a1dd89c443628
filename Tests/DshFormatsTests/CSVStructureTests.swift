// The three structural scans agree on any bytes, in one go or in pieces.
import CDshKernels
import Testing

@Suite struct CSVStructureTests {
  typealias Scan = (
    UnsafePointer<UInt8>, Int64, UnsafePointer<dsh_csv_dialect>, UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<dsh_csv_structure>
  ) -> Void

  private func run(_ scan: Scan, _ text: [UInt8], _ dialect: dsh_csv_dialect, state: Int32) -> ([UInt32], dsh_csv_structure) {
    let padded = text + Array(repeating: UInt8(ascii: "\""), count: Int(DSH_CSV_PADDING))
    var entries = [UInt32](repeating: 0, count: text.count + 66)
    var structure = dsh_csv_structure()
    structure.state = state
    var dialect = dialect
    scan(padded, Int64(text.count), &dialect, &entries, &structure)
    return (Array(entries.prefix(Int(structure.entry_count))), structure)
  }

  @Test func allScansAgree() {
    var generator = SeededGenerator(state: 1)
    let alphabets = [
      "a,\"\n", "ab,\"\n\r", "aaaaaaaaaaaaaaa,\n", "a,\"\n\\", "aaaaaaaaaa,\"\"\"\n\r\\", "a,\n\"é", "\"\"\"a,\n", "\\\\\"a,\n",
    ]
    .map { Array($0.utf8) }
    for round in 0..<6000 {
      let alphabet = generator.pick(alphabets)
      let text = (0..<Int.random(in: 0...300, using: &generator)).map { _ in generator.pick(alphabet) }
      let dialect = dsh_csv_dialect(
        delimiter: UInt8(ascii: ","), quote: round % 5 == 0 ? 0 : UInt8(ascii: "\""), escape: round % 3 == 0 ? UInt8(ascii: "\\") : 0,
        skips_blanks: 0, delimiter_length: 1, delimiter_word: UInt64(UInt8(ascii: ",")))
      let state = Int32(dialect.quote == 0 ? round % 2 : round % 4)
      let (expected, end) = run(dsh_csv_find_structure_bytewise, text, dialect, state: state)
      for scan in [dsh_csv_find_structure, dsh_csv_find_structure_portable] as [Scan] {
        let (found, structure) = run(scan, text, dialect, state: state)
        let same =
          found == expected && structure.state == end.state && structure.escaped == end.escaped
          && structure.newline_count == end.newline_count && (structure.high_bits != 0) == (end.high_bits != 0)
        if !same { Issue.record("round \(round): \(String(decoding: text, as: UTF8.self).debugDescription) from state \(state)") }
      }
    }
  }

  @Test func validatesUTF8LikeTheStandardLibrary() {
    var generator = SeededGenerator(state: 2)
    let pieces: [[UInt8]] = [
      [0x61], [0xC3, 0xA9], [0xE6, 0x97, 0xA5], [0xF0, 0x9F, 0x98, 0x80], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0x80], [0xFF], [0xE0, 0x9F, 0x80], [0xF0, 0x8F, 0x80, 0x80], [0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69],
    ]
    for _ in 0..<20_000 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...8, using: &generator) {
        let count = Int.random(in: 0...9, using: &generator) == 0 ? 12 : 4
        text += pieces[Int.random(in: 0..<count, using: &generator)]
      }
      if Bool.random(using: &generator) && !text.isEmpty { text.removeLast() }
      let invalid = dsh_utf8_first_invalid(text, Int64(text.count))
      let isRight = (invalid < 0) == (String(validating: text, as: UTF8.self) != nil)
      let isPrefixValid = invalid < 0 || String(validating: text.prefix(Int(invalid)), as: UTF8.self) != nil
      if !isRight || !isPrefixValid { Issue.record("\(text)") }
    }
  }
}
