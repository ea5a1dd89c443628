// Where a part of a file begins, from every place of files whose quoted cells hold line ends.
@testable import DshFormats
import Testing

@Suite struct CSVStartFinderTests {
  private let words = [
    "plain", "two\nlines", "one, two", "a\nlist,\nof, three", "she said \"\"no\"\" and left\nthe room", "x\n\ny", "",
    "\nstarts with an end", "ends so\n",
    "1,2,3\n4,5,6\n7,8,9", "long enough to fill a good part of a line of text, comma and all",
  ]

  /// A text of records, and where each begins.
  private func text(records: Int, columns: Int, _ generator: inout SeededGenerator) -> (bytes: [UInt8], starts: [Int]) {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for record in 0..<records {
      starts.append(bytes.count)
      let cells = (0..<columns).map { column in
        let isQuoted = columns == 1 || column % 3 == 1
        return isQuoted
          ? "\"\((0..<Int.random(in: 1...4, using: &generator)).map { _ in generator.pick(words) }.joined(separator: " "))\""
          : "\(record * column)"
      }
      bytes += Array((cells.joined(separator: ",") + "\n").utf8)
    }
    return (bytes, starts + [bytes.count])
  }

  @Test(arguments: [1, 2, 5]) func startsAreFoundInsideQuotes(columns: Int) throws {
    var generator = SeededGenerator(state: UInt64(columns))
    let (bytes, starts) = text(records: 2000, columns: columns, &generator)
    let file = try CSVTestFile(bytes)
    let source = try ByteSource(path: file.path)
    var wrong: [Int] = []
    for place in stride(from: 1, to: bytes.count, by: 37) {
      let found = try CSVStartFinder.find(source, dialect: CSVDialect(), columns: columns, start: place)
      if found != starts.first(where: { $0 >= place }) { wrong.append(place) }
    }
    #expect(wrong.isEmpty, "\(wrong.count) of \(bytes.count / 37)")
  }

  @Test func aLongCellIsLookedThroughToItsEnd() throws {
    let cell = String(repeating: "line of a long text\n", count: 3000)
    let bytes = Array("1,\"\(cell)\"\n2,\"\(cell)\"\n3,x\n".utf8)
    let file = try CSVTestFile(bytes)
    let source = try ByteSource(path: file.path)
    let starts = [0, cell.utf8.count + 5, 2 * cell.utf8.count + 10]
    for place in [cell.utf8.count / 2, cell.utf8.count - 20_000, cell.utf8.count + 30_000] {
      let found = try CSVStartFinder.find(source, dialect: CSVDialect(), columns: 2, start: place)
      #expect(starts.first { $0 >= place } == found, "\(place)")
    }
  }

  @Test func linesThatAreNoRecordsSayNothing() throws {
    var dialect = CSVDialect()
    dialect.comment = UInt8(ascii: "#")
    dialect.repeatedHeader = Array("a,b,c".utf8)
    dialect.ragged = .skip
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for number in 0..<3000 {
      starts.append(bytes.count)
      let line = ["# a remark, \"not closed", "a,b,c", "short", "1,2,3,4"][number % 4]
      bytes += Array((number % 3 == 0 ? line : "\(number),\"x, \(number)\ny\",z").utf8) + [10]
    }
    let file = try CSVTestFile(bytes)
    let source = try ByteSource(path: file.path)
    for place in stride(from: 1, to: bytes.count - 1000, by: 53) {
      let found = try CSVStartFinder.find(source, dialect: dialect, columns: 3, start: place)
      #expect(found == starts.first { $0 >= place }, "\(place)")
    }
  }

  @Test func withoutQuotesTheNextLineIsTaken() throws {
    let bytes = Array("a b\nc d\ne f\n".utf8)
    let file = try CSVTestFile(bytes)
    let source = try ByteSource(path: file.path)
    for place in 1..<bytes.count {
      #expect(try CSVStartFinder.find(source, dialect: CSVDialect(), columns: 1, start: place) == (place + 3) / 4 * 4)
    }
  }
}
