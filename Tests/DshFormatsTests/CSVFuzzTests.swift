// Any bytes with any options: an answer or a user's error, never a trap, and the same answer however the file is cut.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct CSVFuzzTests {
  private func randomOptions(_ generator: inout SeededGenerator) -> CSVOptions {
    var options = CSVOptions()
    let chance = { (generator: inout SeededGenerator) in Int.random(in: 0...3, using: &generator) == 0 }
    if chance(&generator) { options.delimiter = generator.pick([",", ";", "\t", "|", "a", "||", ", ", ",a,"]) }
    if chance(&generator) { options.quote = .some(generator.pick([nil, UInt8(ascii: "'"), UInt8(ascii: "\"")])) }
    if chance(&generator) { options.escape = .some(generator.pick([nil, UInt8(ascii: "\\"), UInt8(ascii: "\"")])) }
    if chance(&generator) { options.header = generator.pick([true, false]) }
    if chance(&generator) { options.nullTexts = generator.pick([["1"], ["a", "NA"], [""], [String(repeating: "x", count: 80)]]) }
    if chance(&generator) { options.skip = Int.random(in: 0...5, using: &generator) }
    if chance(&generator) { options.types = .allString }
    if chance(&generator) { options.ragged = .fill }
    if chance(&generator) { options.encoding = .latin1 }
    return options
  }

  private func randomBytes(_ generator: inout SeededGenerator) -> [UInt8] {
    let alphabets =
      ["a,\n", "1,2.5\n\"", "\"\",\n\r", "ab\\\"',;\n", "2024-01-31T10:00\n,", "é日,\n\"1", "\t|;,^\n1a"].map { Array($0.utf8) } + [
        Array(0...255)
      ]
    let alphabet = generator.pick(alphabets)
    return (0..<Int.random(in: 0...400, using: &generator)).map { _ in generator.pick(alphabet) }
  }

  @Test func anyBytesGiveAnAnswerOrAnError() throws {
    var generator = SeededGenerator(state: 12)
    let codes: Set<DiagnosticCode> = [.raggedRow, .notUTF8, .otherFormat, .unterminatedQuote, .recordTooLong]
    for round in 0..<3000 {
      let options = randomOptions(&generator)
      let bytes = randomBytes(&generator)
      let file = try CSVTestFile(bytes)
      do {
        var sniffed = try file.sniff { $0 = options }
        var whole: [[String?]]?
        while whole == nil {
          do {
            whole = try file.rows(sniffed.dialect, sniffed.schema, dataStart: sniffed.dataStart)
          } catch let mismatch as SchemaMismatch {
            sniffed.schema = mismatch.applied(to: sniffed.schema)
          }
        }
        let borders = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
        let parts = try file.rows(
          sniffed.dialect, sniffed.schema, dataStart: sniffed.dataStart, borders: borders, batchRows: 1 + round % 9)
        if parts != whole { Issue.record("round \(round), borders \(borders): \(bytes)") }
      } catch let diagnostic as Diagnostic {
        if !codes.contains(diagnostic.code) { Issue.record("round \(round): \(diagnostic.code.name) for \(bytes)") }
      }
    }
  }
}
