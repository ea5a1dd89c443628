// Groups that are found by codes are those of the keys themselves.

import DshColumns
import Testing

@testable import DshEngine

@Suite struct GroupTableTests {
  /// Rows of a column, over and over, through the same dictionary or through others, with more entries than codes of one byte name and with fewer.
  @Test(arguments: [false, true]) func codesGroupLikeTexts(isWide: Bool) throws {
    let names = column(.string, (0..<3000).map { $0 % 11 == 5 ? .null : .string("name \($0 * 31 % (isWide ? 300 : 90))") })
    let flags = column(.bool, (0..<3000).map { $0 % 13 == 0 ? .null : .bool($0 % 3 == 0) })
    let whole = try #require(names.dictionaryEncoded(isWide: isWide))
    let other = try #require(names.slice(from: 500, count: 2500).dictionaryEncoded(isWide: isWide))
    for hasFlags in [false, true] {
      let types: [DataType] = hasFlags ? [.string, .bool] : [.string]
      let (plain, coded) = (GroupTable(types: types), GroupTable(types: types))
      func check(_ rows: Range<Int>, _ codes: Column) {
        let flags = hasFlags ? [flags.slice(from: rows.lowerBound, count: rows.count)] : []
        let expected = plain.groups(of: [names.slice(from: rows.lowerBound, count: rows.count)] + flags, rowCount: rows.count)
        #expect(coded.groups(of: [codes] + flags, rowCount: rows.count) == expected, "\(rows)")
      }
      for rows in [0..<1500, 0..<1, 700..<3000, 5..<12, 0..<3000] { check(rows, whole.slice(from: rows.lowerBound, count: rows.count)) }
      check(500..<3000, other)
      check(500..<3000, whole.slice(from: 500, count: 2500))
      #expect(plain.keyColumns().map(\.values) == coded.keyColumns().map(\.values))
    }
  }
}
