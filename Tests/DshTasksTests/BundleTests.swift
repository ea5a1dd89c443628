// Bundles give back the rows they were made of, and whatever bytes they have, reading them is an error at worst.

import DshColumns
import DshDiagnostics
import Testing

@testable import DshTasks

@Suite struct BundleTests {
  private let numbers = batch(column(.int64, (0..<100).map { .int64($0) }), column(.bool, (0..<100).map { .bool($0 % 3 == 0) }))
  private let texts = batch(column(.string, [.string("x"), .null, .string("é")]))

  private var entries: [BundleEntry] {
    [
      BundleEntry(block: BlockID(task: 1, ordinal: 0), firstRow: 0, rows: numbers),
      BundleEntry(block: BlockID(task: 1, ordinal: 0), firstRow: 13, rows: numbers.slice(from: 13, count: 21)),
      BundleEntry(block: BlockID(task: 2, ordinal: 5), firstRow: 7, rows: texts),
      BundleEntry(block: BlockID(task: 3, ordinal: 0), firstRow: 0, rows: .empty(texts.schema)),
    ]
  }

  private func memory(_ entries: [BundleEntry]) -> Buffer { laidOut(Segments(Bundle.runs(of: entries))) }

  @Test func roundTrip() throws {
    let read = try Bundle.read(memory(entries))
    #expect(read.map(\.block) == entries.map(\.block))
    #expect(read.map(\.firstRow) == entries.map(\.firstRow))
    #expect(read.map(\.rows.rows) == entries.map(\.rows.rows))
    #expect(try Bundle.read(memory([])).isEmpty)
  }

  @Test func otherBytesAreRefused() {
    #expect(throws: DecodingFailure.self) { try Bundle.read(.empty) }
    #expect(throws: DecodingFailure.self) { try Bundle.read(.zeros(4096)) }
    #expect(throws: DecodingFailure.self) { try Bundle.read(laidOut(numbers)) }
    let whole = memory(entries)
    // The end of the last block, and not the zeros behind it.
    let byteCount = Segments(Bundle.runs(of: entries)).byteCount
    for length in 0..<byteCount where length % 64 != 0 || length < 1024 {
      #expect(throws: DecodingFailure.self) { try Bundle.read(whole.slice(from: 0, byteCount: min(length, byteCount - 64))) }
    }
  }

  @Test func mutationsNeverTrap() {
    let bytes = Array(memory(entries).bytes)
    // The headers of the bundle and of its first block; values behind them may be anything.
    let header = Array(bytes.prefix(320))
    for changed in mutations(of: header, count: 20_000) {
      guard let read = try? Bundle.read(Buffer(copying: changed + bytes.dropFirst(changed.count))) else { continue }
      for entry in read { _ = entry.rows.rowCount }
    }
  }
}
