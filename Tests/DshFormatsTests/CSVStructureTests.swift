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
}
