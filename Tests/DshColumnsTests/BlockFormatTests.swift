// Blocks read back as what was laid out, from any slice, and damaged headers are refused.

import DshColumns
import Testing

struct BlockFormatTests {
  private static let schema = Schema([
    Field("id", .int64), Field("flag", .bool), Field("name", .string), Field("day", .date), Field("tags", .list(.string)),
    Field("point", .structure([Field("x", .float64), Field("label", .string)])), Field("nothing", .null),
  ])

  /// Rows with nulls in every column, text of all lengths and few distinct names.
  private func sample(_ count: Int, offset: Int = 0) -> [[Value]] { (offset..<offset + count).map(row) }

  private func row(_ row: Int) -> [Value] {
    let names = ["", "a", "éé", "a longer text than any other"]
    let tags: [Value] = (0..<row % 3).map { Value.string("t\($0)") }
    let point = Value.structure([Field("x", .float64), Field("label", .string)], [.float64(Double(row) / 3), .string("p\(row)")])
    var cells: [Value] = []
    cells.append(row % 7 == 3 ? .null : .int64(Int64(row) * 1_000_003))
    cells.append(row % 5 == 1 ? .null : .bool(row % 3 == 0))
    cells.append(row % 11 == 4 ? .null : .string(names[row % 4]))
    cells.append(row % 6 == 2 ? .null : .date(Int32(row)))
    cells.append(row % 4 == 2 ? .null : .list(tags))
    cells.append(row % 9 == 5 ? .null : point)
    cells.append(.null)
    return cells
  }

  private func batch(_ rows: [[Value]]) -> Batch {
    let builders = Self.schema.fields.map { ColumnBuilder(type: $0.type) }
    for row in rows { for (builder, value) in zip(builders, row) { builder.append(value) } }
    return Batch(schema: Self.schema, columns: builders.map { $0.finish() }, rowCount: rows.count)
  }

  private func written(_ batch: Batch) -> MutableBuffer {
    let encoded = BlockFormat.encode(batch)
    let memory = MutableBuffer(capacity: encoded.byteCount)
    memory.byteCount = encoded.byteCount
    encoded.write(into: UnsafeMutableRawBufferPointer(start: memory.start, count: encoded.byteCount))
    return memory
  }

  private func readBack(_ batch: Batch) throws -> Batch {
    let memory = written(batch)
    return try BlockFormat.decode(UnsafeRawBufferPointer(start: memory.start, count: memory.byteCount), owner: memory)
  }

  @Test func roundTrip() throws {
    for count in [0, 1, 7, 64, 65, 300] {
      let rows = sample(count)
      let read = try readBack(batch(rows))
      #expect(read.schema == Self.schema)
      #expect((0..<count).map { read.row($0) } == rows)
    }
  }

  @Test func slicesRoundTrip() throws {
    let rows = sample(200)
    let whole = batch(rows)
    for (start, count) in [(0, 0), (1, 1), (3, 61), (8, 64), (63, 2), (64, 100), (199, 1)] {
      let read = try readBack(whole.slice(from: start, count: count))
      #expect((0..<count).map { read.row($0) } == Array(rows[start..<start + count]), "\(start) \(count)")
    }
  }

  @Test func builderUsesDictionariesAndKeepsValues() throws {
    let builder = BlockBuilder(schema: Self.schema)
    for part in stride(from: 0, to: 300, by: 50) { builder.append(batch(sample(50, offset: part))) }
    let read = try readBack(builder.finish())
    #expect((0..<300).map { read.row($0) } == sample(300))
    guard case .dictionary(_, let entryCount, _, _) = read.columns[2].storage else {
      Issue.record("four names fit a dictionary")
      return
    }
    #expect(entryCount == 4)
  }

  @Test func builderGivesUpLargeDictionaries() throws {
    let schema = Schema([Field("name", .string)])
    let builder = BlockBuilder(schema: schema)
    var expected: [Value] = []
    for part in 0..<10 {
      let column = ColumnBuilder(type: .string)
      for row in 0..<100 {
        let value = row % 10 == 9 ? Value.null : .string("value \(part * 100 + row)")
        expected.append(value)
        column.append(value)
      }
      builder.append(Batch(schema: schema, columns: [column.finish()], rowCount: 100))
    }
    let read = try readBack(builder.finish())
    #expect((0..<1000).map { read.columns[0].value(at: $0) } == expected)
  }

  @Test func damagedHeadersAreRefusedNotTrapped() {
    let memory = written(batch(sample(30)))
    let bytes = Array(UnsafeRawBufferPointer(start: memory.start, count: memory.byteCount))
    let headerEnd = 8 + Int(UnsafeRawPointer(memory.start).loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    var generator = SystemRandomNumberGenerator()
    for position in 0..<headerEnd {
      for change in [UInt8(1), 0x80, UInt8.random(in: 1...255, using: &generator)] {
        let copy = MutableBuffer(capacity: bytes.count)
        bytes.withUnsafeBytes { copy.append($0.baseAddress ?? UnsafeRawPointer(copy.start), byteCount: bytes.count) }
        copy.pointer(to: UInt8.self)[position] ^= change
        // Reading must end, one way or the other; what it gives is not used.
        _ = try? BlockFormat.decode(UnsafeRawBufferPointer(start: copy.start, count: copy.byteCount), owner: copy)
      }
    }
    for length in 0..<min(bytes.count, headerEnd + 1) {
      #expect(throws: (any Error).self) {
        _ = try BlockFormat.decode(UnsafeRawBufferPointer(start: memory.start, count: length), owner: memory)
      }
    }
  }

  @Test func blocksThatAreNotAlignedAreRefused() {
    let memory = written(batch(sample(30)))
    let moved = MutableBuffer(capacity: memory.byteCount + 8)
    for shift in [1, 4] {
      moved.byteCount = 0
      moved.appendZeros(shift)
      moved.append(UnsafeRawPointer(memory.start), byteCount: memory.byteCount)
      #expect(throws: DecodingFailure.self) {
        _ = try BlockFormat.decode(UnsafeRawBufferPointer(start: moved.start + shift, count: memory.byteCount), owner: moved)
      }
    }
  }
}
