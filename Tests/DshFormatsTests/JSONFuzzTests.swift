// Random JSON against a simple reader of values, and any bytes at all: an answer or a user's error, never a trap, and the same however the file is cut.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct JSONFuzzTests {
  // MARK: Documents made by chance

  private func blank(_ generator: inout SeededGenerator) -> String {
    Int.random(in: 0...9, using: &generator) == 0 ? generator.pick([" ", "  ", "\t"]) : ""
  }

  private func string(_ generator: inout SeededGenerator) -> String {
    let parts = [
      "a", "b", "Z", " ", ",", "{", "}", "[", "]", ":", "é", "日", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9", "\\ud83d\\ude00",
      "\\t",
    ]
    let usual = Int.random(in: 0...3, using: &generator) > 0 ? Array(parts.prefix(5)) : parts
    return "\"" + (0..<Int.random(in: 0...12, using: &generator)).map { _ in generator.pick(usual) }.joined() + "\""
  }

  private func value(_ generator: inout SeededGenerator, kind: Int, depth: Int) -> String {
    if Int.random(in: 0...7, using: &generator) == 0 { return "null" }
    switch kind {
    case 0: return "\(Int64.random(in: -1_000_000...1_000_000, using: &generator))"
    case 1: return generator.pick(["1.5", "-0.25", "1e3", "7", "123456.789", "2.5E-3"])
    case 2: return generator.pick(["true", "false"])
    case 3: return string(&generator)
    case 4: return generator.pick(["\"2024-01-31\"", "\"1999-12-31\""])
    case 5 where depth < 3:
      let inner = Int.random(in: 0...3, using: &generator)
      return "["
        + (0..<Int.random(in: 0...4, using: &generator)).map { _ in value(&generator, kind: inner, depth: depth + 1) }.joined(
          separator: ",") + "]"
    case 6 where depth < 3: return object(&generator, kinds: [0, 3, 5], depth: depth + 1)
    default: return value(&generator, kind: Int.random(in: 0...6, using: &generator), depth: 3)
    }
  }

  private func object(_ generator: inout SeededGenerator, kinds: [Int], depth: Int) -> String {
    var members: [String] = []
    for (index, kind) in kinds.enumerated() where Int.random(in: 0...5, using: &generator) > 0 {
      let (before, behind) = (blank(&generator), blank(&generator))
      members.append(
        "\(before)\"k\(index)\(String(repeating: "x", count: index * 7))\"\(behind):\(blank(&generator))\(value(&generator, kind: kind, depth: depth))"
      )
    }
    if Int.random(in: 0...3, using: &generator) == 0 { members.shuffle(using: &generator) }
    return "{" + members.joined(separator: ",") + "}" + blank(&generator)
  }

  /// Whether a value that was read is what stands in the text; what an object lacks is null.
  private func matches(_ value: Value, _ json: JSONValue, _ type: DataType) -> Bool {
    switch (value, json) {
    case (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.int64(let a), .number(let b)): return Int64(b) == a
    case (.float64(let a), .number(let b)): return Double(b) == a
    case (.date(let a), .string(let b)): return Value.date(a) == (JSONValue.string(b).value(of: .date) ?? .null)
    case (.list(let a), .array(let b)): return a.count == b.count && zip(a, b).allSatisfy { matches($0, $1, type.element) }
    case (.structure(let fields, let values), .object(let members)):
      return zip(fields, values).allSatisfy { field, value in
        matches(value, members.first { $0.name.isExactly(field.name) }?.value ?? .null, field.type)
      } && members.allSatisfy { member in fields.contains { $0.name.isExactly(member.name) } }
    case (.string(let a), .string(let b)) where a.isExactly(b): return true
    case (.string(let a), _):
      // JSON text: what it means is what counts.
      var text = JSONText(Array(a.utf8)[...])
      return (try? text.value()) == json
    default: return false
    }
  }

  @Test func randomRecordsAreWhatASimpleReaderReads() throws {
    var generator = SeededGenerator(state: 5)
    for round in 0..<400 {
      let kinds = (0..<Int.random(in: 1...6, using: &generator)).map { _ in Int.random(in: 0...7, using: &generator) }
      let records = (0..<Int.random(in: 1...40, using: &generator)).map { _ in object(&generator, kinds: kinds, depth: 0) }
      let expected = try records.map { record in
        var text = JSONText(Array(record.utf8)[...])
        return try text.value()
      }
      for isLines in [true, false] {
        let text = isLines ? records.joined(separator: "\n") + "\n" : "[" + records.joined(separator: ",\n") + "]"
        let borders = (0..<3).map { _ in Int.random(in: 0...text.utf8.count, using: &generator) }.sorted()
        let (schema, rows) = try JSONTestFile(text, isLines: isLines).table(borders: borders, batchRows: 1 + round % 50)
        let type = DataType.structure(schema.fields)
        let isRight = rows.count == expected.count && zip(rows, expected).allSatisfy { matches(.structure(schema.fields, $0), $1, type) }
        if !isRight { Issue.record("round \(round), lines \(isLines), borders \(borders): \(text)") }
      }
    }
  }

  @Test func numbersAreWhatAStrictReadingTakes() throws {
    var generator = SeededGenerator(state: 11)
    let description = try JSONTestFile("{\"a\":0.5,\"b\":1}\n").describe()
    for _ in 0..<4000 {
      let letters = Array(generator.pick(["0123456789", "0123456789.-", "01.eE+-"]))
      let number = String((0..<Int.random(in: 1...20, using: &generator)).map { _ in generator.pick(letters) })
      let blanks = generator.pick(["", "", " ", "\t "])
      let text = "{\"a\":\(number)\(blanks),\"b\":\(number)}\n"
      var strict = JSONText(Array(number.utf8)[...])
      let isNumber = (try? strict.value()) != nil
      // The value of a column that is not wanted is checked as well.
      let isRead = (try? JSONTestFile(text).rows(description, wanted: [])) != nil
      if isRead != isNumber { Issue.record("\(text): \(isRead)") }
    }
  }

  // MARK: Bytes by chance

  private let codes: Set<DiagnosticCode> = [.invalidJSON, .notUTF8, .recordTooLong, .otherFormat]

  private func check(_ bytes: [UInt8], isLines: Bool, _ options: ReadOptions, _ generator: inout SeededGenerator, _ label: String) throws {
    let file = try JSONTestFile(bytes, isLines: isLines)
    do {
      let whole = try file.table(options)
      let borders = (0..<3).map { _ in Int.random(in: 0...max(1, bytes.count), using: &generator) }.sorted()
      let parts = try file.table(options, borders: borders, batchRows: Int.random(in: 1...20, using: &generator))
      if parts.rows != whole.rows { Issue.record("\(label), borders \(borders): \(bytes)") }
    } catch let diagnostic as Diagnostic {
      if !codes.contains(diagnostic.code) { Issue.record("\(label): \(diagnostic.code.name) for \(bytes)") }
    }
  }

  @Test func mutatedFilesGiveAnAnswerOrAnError() throws {
    var generator = SeededGenerator(state: 77)
    let interesting = Array("{}[]:,\"\\ \n\r\tu0-1.eEtfn".utf8) + [0, 0x1F, 0x7F, 0x80, 0xC3, 0xED, 0xFF]
    for round in 0..<4000 {
      let isLines = round % 2 == 0
      let kinds = (0..<3).map { _ in Int.random(in: 0...7, using: &generator) }
      let records = (0..<Int.random(in: 0...6, using: &generator)).map { _ in object(&generator, kinds: kinds, depth: 0) }
      var bytes = Array((isLines ? records.joined(separator: "\n") : "[" + records.joined(separator: ",") + "]").utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0...3, using: &generator) {
        case 0 where place < bytes.count: bytes[place] = generator.pick(interesting)
        case 1 where place < bytes.count: bytes.remove(at: place)
        case 2 where place < bytes.count:
          let end = Int.random(in: place...min(bytes.count, place + 20), using: &generator)
          bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
        default: bytes.insert(generator.pick(interesting), at: place)
        }
      }
      try check(bytes, isLines: isLines, round % 5 == 0 ? .json("raw") : ReadOptions(), &generator, "round \(round)")
    }
  }

  @Test func filesMayEndAnywhere() throws {
    var generator = SeededGenerator(state: 8)
    let texts = [
      "{\"a\":1,\"b\":\"x\\u00e9\\ud83d\\ude00\"}\n{\"a\":[1.5e3,true],\"b\":null}\n",
      "[{\"a\":{\"b\":[1,{\"c\":\"é\"}]}}, {\"a\":null}]\n",
      "{\"features\":[{\"a\":1},{\"a\":2}],\"x\":{\"y\":[1,2]}}",
    ]
    for (index, text) in texts.enumerated() {
      let bytes = Array(text.utf8)
      for count in 0...bytes.count {
        try check(Array(bytes.prefix(count)), isLines: index == 0, ReadOptions(), &generator, "text \(index), \(count) bytes")
        guard index == 2 else { continue }
        do { _ = try JSONTestFile(Array(bytes.prefix(count)), isLines: false).table(.json("records", "features")) } catch let diagnostic
          as Diagnostic
        {
          #expect([.invalidJSON, .invalidOptionValue].contains(diagnostic.code), "\(count) bytes: \(diagnostic.code.name)")
        }
      }
    }
  }
}
