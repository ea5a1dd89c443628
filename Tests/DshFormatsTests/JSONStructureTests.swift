// The vector scans of JSON's structure against the bytewise one.
import CDshKernels
import Testing

@testable import DshFormats

@Suite struct JSONStructureTests {
  private struct Found: Equatable {
    var entries: [UInt32]
    var firstWrong: Int64
    var isInside: Bool
    var hasEscapes: Bool
    var hasHighBits: Bool
  }

  private func find(_ text: [UInt8], hasLines: Bool, kind: Int32?) -> Found? {
    let padded = text + [UInt8](repeating: 0, count: Int(DSH_JSON_PADDING))
    var entries = [UInt32](repeating: 7, count: text.count + 64 + Int(DSH_JSON_SENTINELS))
    var structure = dsh_json_structure()
    if let kind {
      guard dsh_json_find_structure_narrow(padded, Int64(text.count), hasLines ? 1 : 0, kind, &entries, &structure) != 0 else { return nil }
    } else {
      dsh_json_find_structure_bytewise(padded, Int64(text.count), hasLines ? 1 : 0, &entries, &structure)
    }
    let count = Int(structure.entry_count)
    #expect(entries[count..<count + Int(DSH_JSON_SENTINELS)].allSatisfy { Int($0) == text.count })
    return Found(
      entries: Array(entries.prefix(count)), firstWrong: structure.first_wrong, isInside: structure.is_inside != 0,
      hasEscapes: structure.has_escapes != 0, hasHighBits: structure.high_bits != 0)
  }

  @Test func aRecordsStructure() {
    let text = Array("{\"a, b\" : [1, true],\n\"c\":\"\\\"}\"}".utf8)
    let places: [UInt32] = [0, 1, 8, 10, 11, 12, 14, 18, 19, 21, 24, 25, 30]
    #expect(find(text, hasLines: false, kind: nil)?.entries == places)
    #expect(find(text, hasLines: true, kind: nil)?.entries == Array(places[..<9]) + [20] + Array(places[9...]))
  }

  @Test func vectorsFindWhatBytesDo() {
    var generator = SeededGenerator(state: 3)
    let alphabets = ["{\"a\":1,}", "\"\\u00d8c\"", "\"\\\\ab\",", "[]{}:,\"\n\t ", "ab \"\n", "\"é\u{1}\\/x\"", "1,2\r\n"].map {
      Array($0.utf8)
    }
    for round in 0..<4000 {
      let alphabet = generator.pick(alphabets)
      let text = (0..<Int.random(in: 0...300, using: &generator)).map { _ in generator.pick(alphabet) }
      let hasLines = round % 2 == 0
      let expected = find(text, hasLines: hasLines, kind: nil)
      for kind: Int32 in 0...2 {
        guard let found = find(text, hasLines: hasLines, kind: kind) else { continue }
        if found != expected { Issue.record("round \(round), kind \(kind): \(text)") }
      }
    }
  }
}
