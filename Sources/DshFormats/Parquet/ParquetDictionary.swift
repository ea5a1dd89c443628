// The dictionary of a column of a row group: its values, once.
import CDshKernels
import DshColumns
import DshDiagnostics

/// The different values, as those of a column.
final class ParquetDictionary {
  let count: Int
  /// The values as a column.
  let values: Column
  /// Of values of fixed width.
  let entries: Buffer
  /// Of texts: a place more than there are, and the bytes.
  let offsets: Buffer
  let bytes: Buffer
  /// Whether columns may be given as codes into it.
  let isSmall: Bool

  init(_ header: ParquetPageHeader, bytes page: UnsafeRawBufferPointer, leaf: ParquetLeaf, _ place: ParquetPlace) throws {
    guard header.encoding == .plain || header.encoding == .plainDictionary else {
      throw place.damaged("a dictionary has an encoding that is none for it")
    }
    guard leaf.type != .boolean else { throw place.damaged("truth values have a dictionary") }
    // Every entry takes a byte at least.
    guard header.valueCount <= page.count else { throw place.damaged("a dictionary is cut short") }
    let builder = ParquetValueBuilder(leaf, capacity: header.valueCount, place)
    try plainDecoder(page, leaf, place).read(header.valueCount, into: builder)
    count = header.valueCount
    values = try builder.finish(rows: count, validity: nil)
    switch values.storage {
    case .fixed(let numbers): (entries, offsets, bytes) = (numbers, .empty, .empty)
    case .text(let ends, let texts): (entries, offsets, bytes) = (.empty, ends, texts)
    default: (entries, offsets, bytes) = (.empty, .empty, .empty)
    }
    isSmall = count > 0 && count <= Column.dictionaryLimit
  }
}
