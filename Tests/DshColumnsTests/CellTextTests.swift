// The text and the JSON of every type of cell; floats against Swift's own description.
import DshColumns
import Testing

@Suite struct CellTextTests {
  private func text(_ print: (MutableBuffer) -> Void) -> String {
    let output = MutableBuffer(capacity: 8)
    print(output)
    return String(decoding: UnsafeRawBufferPointer(start: output.start, count: output.byteCount), as: UTF8.self)
  }

  private func json(_ value: Value) -> String {
    text { CellText.appendJSON(Column.repeating(value, type: value.type, count: 1), row: 0, to: $0) }
  }

  @Test func floatsAreTheShortestTextThatReadsBack() {
    var values: [Double] = [
      0, -0.0, 1, -1, 0.1, 0.001, 0.0001, 1e-5, 1e9, 9_999_999_999.5, 1e10, 1e15, 1e16, 1e22, .leastNonzeroMagnitude, .nan, .infinity,
    ]
    values += [-.infinity, .greatestFiniteMagnitude, 21_168.23, 0.3, 0.1 + 0.2, 1 / 3, 123_456.7891, 2.675, 1_234_567_890.1234]
    for _ in 0..<200_000 {
      values.append(Double(Int.random(in: -100_000_000...100_000_000)) / [1, 10, 100, 1000, 10_000, 100_000].randomElement()!)
      values.append(Double(bitPattern: .random(in: 0 ... .max)))
    }
    for value in values {
      let printed = text { CellText.append(float64: value, to: $0) }
      if printed != value.description { Issue.record("\(printed) instead of \(value.description)") }
    }
  }

  @Test func integersPrintLikeDescription() {
    var values: [Int64] = [0, 1, -1, 9, 10, 99, 100, .max, .min, 999_999_999, 1_000_000_000]
    for _ in 0..<10_000 { values.append(.random(in: .min ... .max) >> Int64.random(in: 0..<63)) }
    for value in values { #expect(text { CellText.append(int64: value, to: $0) } == value.description) }
  }

  @Test func everyTypeHasText() {
    #expect(CellText.string(.null) == nil)
    #expect(CellText.string(.bool(true)) == "true")
    #expect(CellText.string(.float64(1)) == "1.0")
    #expect(CellText.string(.date(19_753)) == "2024-01-31")
    #expect(CellText.string(.timestamp(1_706_695_200_000_000)) == "2024-01-31 10:00:00")
    #expect(CellText.string(.list([.int64(1), .null, .int64(3)])) == "[1, null, 3]")
    #expect(CellText.string(.structure([Field("a", .int64), Field("b", .string)], [.int64(1), .string("x")])) == "{a: 1, b: x}")
    #expect(CellText.string(.binary([0, 255])) == "00ff")
    #expect(CellText.string(.string("")) == "")
  }

  @Test func jsonEscapes() {
    #expect(json(.string("a\"b\\c\n\t\r\u{1}é日")) == #""a\"b\\c\n\t\r\u0001é日""#)
    #expect(json(.float64(.nan)) == "null")
    #expect(json(.null) == "null")
    #expect(json(.date(0)) == #""1970-01-01""#)
    #expect(json(.list([.string("a"), .null])) == #"["a",null]"#)
    #expect(json(.structure([Field("k", .bool)], [.bool(false)])) == #"{"k":false}"#)
  }
}
