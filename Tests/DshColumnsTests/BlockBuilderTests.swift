// Batches gathered into the columns of a block.
import DshColumns
import Testing

struct BlockBuilderTests {
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
}
