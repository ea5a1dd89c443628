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

  /// The entries that a selection keeps are those of all of them, with every kind of vector that the processor has.
  @Test func selectedEntriesAreThoseOfAll() {
    var generator = SeededGenerator(state: 7)
    let alphabets = ["a,\"\n", "ab,\"\n\r", "aaaaaaaaaaaaaaa,\n", "a,\"\n\\", "aaaaaaaaaa,\"\"\"\n\r\\", ",\n", ",", "a,\n\"é"].map {
      Array($0.utf8)
    }
    for round in 0..<800 {
      let alphabet = generator.pick(alphabets)
      let text = (0..<Int.random(in: 1...500, using: &generator)).map { _ in generator.pick(alphabet) }
      let columns = generator.pick([1, 2, 3, 7, 16, 64, 100, 1024])
      let isKept = (0..<columns).map { $0 == columns - 1 || Int.random(in: 0...2, using: &generator) == 0 }
      let patterns = (0..<columns).map { phase in
        (0..<64).reduce(UInt64(0)) { $0 | (isKept[(phase + $1) % columns] ? 1 << UInt64($1) : 0) }
      }
      let dialect = dsh_csv_dialect(
        delimiter: UInt8(ascii: ","), quote: round % 4 == 0 ? 0 : UInt8(ascii: "\""),
        escape: round % 4 != 0 && round % 3 == 0 ? UInt8(ascii: "\\") : 0, skips_blanks: 0, delimiter_length: 1,
        delimiter_word: UInt64(UInt8(ascii: ",")))
      let (all, end) = run(dsh_csv_find_structure_bytewise, text, dialect, state: 0)
      let expected = all.enumerated().filter { isKept[$0.offset % columns] }.map(\.element)
      patterns.withUnsafeBufferPointer { patterns in
        var selection = dsh_csv_selection(columns: Int64(columns), patterns: patterns.baseAddress)
        for find in [dsh_csv_find_selected, dsh_csv_find_selected_narrow] {
          var isDone: Int32 = 0
          let (_, structure) = run({ isDone = find($0, $1, $2, &selection, $3, $4) }, text, dialect, state: 0)
          if isDone == 0 { continue }
          let (kept, _) = run(
            {
              _ = find($0, $1, $2, &selection, $3, $4); $4.pointee.entry_count = $4.pointee.kept_count
            }, text, dialect, state: 0)
          let same =
            kept == expected && structure.entry_count == end.entry_count && structure.newline_count == end.newline_count
            && structure.state == end.state && (structure.high_bits != 0) == (end.high_bits != 0)
          if !same { Issue.record("round \(round): \(String(decoding: text, as: UTF8.self).debugDescription) in \(columns) columns") }
        }
      }
    }
  }
}
