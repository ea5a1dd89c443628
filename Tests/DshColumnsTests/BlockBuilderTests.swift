// Batches gathered into the columns of a block.
@testable import DshColumns
import Testing

struct BlockBuilderTests {
  /// Rows of every type: nulls in all of them, a text with few values and one with many.
  private static let schema = Schema([
    Field("id", .int64), Field("share", .float64), Field("day", .date), Field("time", .timestamp), Field("flag", .bool),
    Field("name", .string), Field("text", .string), Field("data", .binary), Field("tags", .list(.string)),
    Field("point", .structure([Field("x", .float64), Field("label", .string)])), Field("nothing", .null),
  ])

  private func row(_ row: Int, nulls: Bool) -> [Value] {
    let point = Value.structure([Field("x", .float64), Field("label", .string)], [.float64(Double(row) / 3), .string("p\(row)")])
    let cells: [Value] = [
      .int64(Int64(row) * 1_000_003), .float64(Double(row) / 7), .date(Int32(row)), .timestamp(Int64(row) << 20), .bool(row % 3 == 0),
      .string(["", "a", "éé", "a longer text"][row % 4]), .string("text number \(row)"), .binary([UInt8(row & 255), 0]),
      .list((0..<row % 3).map { Value.string("t\($0)") }), point, .null,
    ]
    return nulls ? cells.enumerated().map { (row + $0.offset) % 11 == 4 ? .null : $0.element } : cells
  }

  private func batch(_ rows: Range<Int>, nulls: Bool) -> Batch {
    let builders = Self.schema.fields.map { ColumnBuilder(type: $0.type) }
    for row in rows { for (builder, value) in zip(builders, self.row(row, nulls: nulls)) { builder.append(value) } }
    return Batch(schema: Self.schema, columns: builders.map { $0.finish() }, rowCount: rows.count)
  }

  private func written(_ block: EncodedBlock) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: block.byteCount) { memory, count in
      memory.initialize(repeating: 0)
      block.write(into: UnsafeMutableRawBufferPointer(memory))
      count = block.byteCount
    }
  }

  /// However the rows are cut, and whether a batch is a whole or a slice, the block is that of the batch, and reads as the rows.
  @Test(arguments: [[], [1], [7, 64, 1], [300, 300, 400], [2500, 3, 2500], [1024, 1024, 1024, 1]])
  func blocksAreThoseOfTheWholeBatch(_ counts: [Int]) throws {
    for mix in 0..<3 {
      let pair = [BlockBuilder(schema: Self.schema), BlockBuilder(schema: Self.schema)]
      var first = 0
      for (index, count) in counts.enumerated() {
        let nulls = mix == 1 || mix == 2 && index % 2 == 1
        let part =
          index % 2 == 0
          ? batch(first..<first + count, nulls: nulls) : batch(first - 3..<first + count + 5, nulls: nulls).slice(from: 3, count: count)
        for builder in pair { builder.append(part) }
        first += count
      }
      let block = pair[0].encode()
      let bytes = written(block)
      let whole = pair[1].finish()
      #expect(bytes == written(BlockFormat.encode(whole)), "\(counts) \(mix)")
      #expect(block.rowCount == first)
      #expect(block.withRuns { $0.flatMap { Array($0) } } == bytes)
      try bytes.withUnsafeBytes { memory in
        let read = try BlockFormat.decode(memory, owner: nil)
        var place = 0
        for (index, count) in counts.enumerated() {
          for row in place..<place + count {
            #expect(read.row(row) == self.row(row, nulls: mix == 1 || mix == 2 && index % 2 == 1), "\(counts) \(mix)")
            #expect(whole.row(row) == read.row(row))
          }
          place += count
        }
      }
    }
  }

  @Test func largePiecesAreNotCopied() {
    let builder = BlockBuilder(schema: Schema([Field("id", .int64)]))
    var addresses: [UnsafeRawPointer] = []
    for _ in 0..<3 {
      let column = ColumnBuilder(type: .int64, rows: 1000)
      for value in 0..<1000 { column.append(int64: Int64(value)) }
      addresses.append(UnsafeRawPointer(column.values.start))
      builder.append(Batch(schema: builder.schema, columns: [column.finish()], rowCount: 1000))
    }
    #expect(builder.encode().pieces.map(\.bytes.address) == addresses)
  }

  /// Keeping a small part would keep the whole.
  @Test func smallPartsOfLargeMemoryAreCopied() {
    let builder = BlockBuilder(schema: Schema([Field("id", .int64)]))
    let column = ColumnBuilder(type: .int64, rows: 10_000)
    for value in 0..<10_000 { column.append(int64: Int64(value)) }
    let address = UnsafeRawPointer(column.values.start)
    let whole = Batch(schema: builder.schema, columns: [column.finish()], rowCount: 10_000)
    builder.append(whole.slice(from: 0, count: 4000))
    #expect(builder.encode().pieces.allSatisfy { $0.bytes.address != address })
  }

  /// A column of nothing but nulls has the type `null` until it meets one with values.
  @Test func nullColumnsBecomeNullsOfTheType() {
    for type in [DataType.int64, .string, .bool, .binary, .list(.date)] {
      let builder = BlockBuilder(schema: Schema([Field("a", type)]))
      builder.append(Batch(schema: builder.schema, columns: [.repeating(.null, type: .null, count: 5)], rowCount: 5))
      let column = builder.finish().columns[0]
      #expect(column.type == type && column.count == 5 && column.nullCount == 5)
    }
  }

  /// More distinct texts than a dictionary holds, a null in every second row.
  @Test func nullsTakeNoTextBytes() {
    let texts = ColumnBuilder(type: .string)
    var expectedBytes = 0
    for row in 0..<4 * Column.dictionaryLimit {
      if row % 2 == 1 {
        texts.appendNull()
      } else {
        texts.append(.string("text \(row)"))
        expectedBytes += "text \(row)".utf8.count
      }
    }
    let builder = BlockBuilder(schema: Schema([Field("text", .string)]))
    builder.append(Batch(schema: builder.schema, columns: [texts.finish()], rowCount: 4 * Column.dictionaryLimit))
    guard case .text(let offsets, _) = builder.finish().columns[0].storage else {
      Issue.record("so many texts are laid out plainly")
      return
    }
    #expect(offsets.pointer(to: Int32.self)[4 * Column.dictionaryLimit] == Int32(expectedBytes))
  }

  /// Half a gigabyte behind a dictionary of two texts counts as it would lie plainly once the dictionary is given up.
  @Test func textThatWouldNotFitPlainlyIsTooLarge() {
    let builder = BlockBuilder(schema: Schema([Field("text", .string)]))
    let long = String(repeating: "x", count: 1 << 20)
    let texts = ColumnBuilder(type: .string)
    for text in [long, "y"] { texts.append(text: text) }
    guard case .text(let offsets, let bytes) = texts.finish().storage else { return }
    let codes = MutableBuffer(capacity: 2000)
    codes.appendZeros(2000)
    let column = Column(
      type: .string, count: 2000, validity: nil, storage: .dictionary(codes: codes.freeze(), entryCount: 2, offsets: offsets, bytes: bytes))
    builder.append(Batch(schema: builder.schema, columns: [column], rowCount: 2000))
    #expect(builder.sizeBytes < 2 << 20)
    let many = ColumnBuilder(type: .string)
    for number in 0..<2 * Column.dictionaryLimit { many.append(text: "\(number)") }
    builder.append(Batch(schema: builder.schema, columns: [many.finish()], rowCount: 2 * Column.dictionaryLimit))
    #expect(builder.sizeBytes > 1 << 32)
  }
}
