// Columns behind dictionaries of few and of many entries are the texts that they name, wherever they go.
import Testing

@testable import DshColumns

@Suite struct DictionaryCodesTests {
  private func texts(_ values: [Value]) -> Column {
    let builder = ColumnBuilder(type: .string)
    for value in values { builder.append(value) }
    return builder.finish()
  }

  /// Rows of an order of its own over a dictionary of so many entries, which start at a number; a null now and then.
  private func coded(_ rows: Int, entryCount: Int, from first: Int = 0) -> Column {
    let entries = texts((0..<entryCount).map { .string("entry \(first + $0)") })
    guard case .text(let offsets, let bytes) = entries.storage else { return entries }
    let codes = MutableBuffer(capacity: rows * 2)
    for row in 0..<rows {
      let code = row * 7919 % entryCount
      if Column.codeWidth(entryCount: entryCount) == 2 { codes.append(UInt16(code)) } else { codes.append(UInt8(code)) }
    }
    let validity = Bitmap.make(count: rows) { word in UInt64(0xFFFF_FFFF_FFFF_FFFE) << UInt64(word % 7) | 0x55 }
    return Column(
      type: .string, count: rows, validity: validity,
      storage: .dictionary(codes: codes.freeze(), entryCount: entryCount, offsets: offsets, bytes: bytes))
  }

  private func values(_ column: Column) -> [Value] { (0..<column.count).map { column.value(at: $0) } }

  private func isDictionary(_ column: Column) -> Bool { if case .dictionary = column.storage { true } else { false } }

  @Test(arguments: [1, 255, 256, 257, 4096]) func partsHoldTheTexts(entryCount: Int) {
    let column = coded(5000, entryCount: entryCount)
    let expected = values(column)
    #expect(expected[1] == .null || expected[1] == .string("entry \(7919 % entryCount)"))
    #expect(values(column.plain()) == expected)
    #expect(values(column.slice(from: 333, count: 1000)) == Array(expected[333..<1333]))
    let rows = (0..<3000).map { Int32($0 % 10 == 0 ? -1 : $0 * 31 % 5000) }
    #expect(values(unsafe column.gather(RowIndexes(rows))) == rows.map { $0 < 0 ? .null : expected[Int($0)] })
    #expect(column.plainTextBytes >= column.plain().plainTextBytes)
    let (coded, plain) = (ColumnStatistics(of: column), ColumnStatistics(of: column.plain()))
    #expect(coded.least == plain.least && coded.greatest == plain.greatest && coded.nullCount == plain.nullCount)
  }

  @Test(arguments: [1, 17, 256, 257, 4096]) func subsetsNameTheirRows(entryCount: Int) {
    let column = coded(5000, entryCount: entryCount)
    guard case .dictionary(let codes, _, _, _) = column.storage else { return }
    let entries = Bitmap.make(count: entryCount) { 0xC001_9249_2492_4925 >> UInt64($0 % 7) }
    for count in [0, 1, 63, 64, 65, 5000] {
      let rows = unsafe DictionarySubset(entries).rows(codes, count: count)
      #expect((0..<count).allSatisfy { unsafe rows[$0] == entries[$0 * 7919 % entryCount] })
      #expect(rows.setCount == (0..<count).count { entries[$0 * 7919 % entryCount] })
    }
  }

  @Test(arguments: [256, 257, 4096]) func blocksHoldTheTexts(entryCount: Int) throws {
    let schema = Schema([Field("text", .string)])
    let column = coded(9000, entryCount: entryCount).slice(from: 100, count: 8700)
    let encoded = BlockFormat.encode(Batch(schema: schema, columns: [column], rowCount: column.count))
    let memory = MutableBuffer(capacity: encoded.byteCount)
    memory.byteCount = encoded.byteCount
    unsafe encoded.write(into: UnsafeMutableRawBufferPointer(start: memory.start, count: encoded.byteCount))
    let read = try unsafe BlockFormat.decode(UnsafeRawBufferPointer(start: memory.start, count: memory.byteCount), owner: memory)
    #expect(values(read.columns[0]) == values(column) && isDictionary(read.columns[0]))
  }

  /// Batches whose dictionaries are the same, overlap or are others, of codes of either width, and plain ones between.
  @Test(arguments: [
    [100, 100], [100, -50, 256], [257, 257, 300], [30, 400, -20, 1000, 30], [2000, 2000], [300, -5000], [3000, 3000, 10],
  ])
  func buildersTakeDictionariesOfEitherWidth(_ entryCounts: [Int]) {
    for shift in [0, 50, 300] {
      let builder = DictionaryAccumulator()
      var expected: [Value] = []
      for (index, count) in entryCounts.enumerated() {
        let column = coded(6000, entryCount: abs(count), from: index * shift)
        builder.append(count < 0 ? column.plain() : column)
        expected += values(column)
      }
      let found = builder.finish()
      #expect(values(found) == expected)
      let largest = entryCounts.map(abs).max() ?? 0
      if shift == 0 && entryCounts.allSatisfy({ $0 > 0 }) && largest <= 2000 { #expect(isDictionary(found)) }
    }
  }

  /// Texts without a dictionary get one only if they are few.
  @Test func textsOfTheirOwnGetCodesOfOneByte() {
    for (distinct, isKept) in [(256, true), (257, false)] {
      let builder = DictionaryAccumulator()
      builder.append(texts((0..<5000).map { .string("\($0 % distinct)") }))
      #expect(isDictionary(builder.finish()) == isKept)
    }
  }
}
