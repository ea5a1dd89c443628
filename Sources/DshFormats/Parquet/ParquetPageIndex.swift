// What a writer noted of the pages of a column: where they lie, which rows they hold, and what their values are between.
import DshColumns

/// The `ColumnIndex` and `OffsetIndex` of a column without lists.
struct ParquetPageIndex {
  /// The rows of each page.
  let rows: [Range<Int>]
  /// What is known of its values; nil where nothing is.
  let statistics: [ParquetStatistics?]

  private static let limitBytes = 16 << 20

  /// Nil if there is none, or none that makes sense: pages are not passed over then.
  init?(_ source: ByteSource, _ chunk: ParquetColumnChunk, rowCount: Int) {
    guard let starts = Self.firstRows(source, chunk), starts.first == 0, let last = starts.last, last < rowCount,
      zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    rows = zip(starts, starts.dropFirst() + [rowCount]).map { $0..<$1 }
    guard let statistics = Self.statistics(source, chunk, rows), statistics.count == rows.count else { return nil }
    self.statistics = statistics
  }

  private static func bytes(_ source: ByteSource, _ offset: Int?, _ count: Int?) -> [UInt8]? {
    guard let offset, let count, offset >= 0, count > 0, count <= limitBytes, offset <= source.sizeBytes - count else { return nil }
    return try? source.bytes(at: offset, count: count)
  }

  private static func firstRows(_ source: ByteSource, _ chunk: ParquetColumnChunk) -> [Int]? {
    guard let bytes = bytes(source, chunk.offsetIndexOffset, chunk.offsetIndexBytes) else { return nil }
    return bytes.withUnsafeBytes { bytes in
      var reader = ThriftReader(bytes)
      var rows: [Int]?
      try? reader.readStructure { number, type, reader in
        guard number == 1 else { return false }
        rows = try reader.readList(type, limit: bytes.count) { _, reader in
          var row = -1
          try reader.readStructure { number, type, reader in
            if number == 3 { row = try reader.readInt(type) }
            return number == 3
          }
          return row
        }
        return true
      }
      return rows
    }
  }

  private static func statistics(_ source: ByteSource, _ chunk: ParquetColumnChunk, _ rows: [Range<Int>]) -> [ParquetStatistics?]? {
    guard let bytes = bytes(source, chunk.columnIndexOffset, chunk.columnIndexBytes) else { return nil }
    var (isNull, least, greatest, nullCounts): ([Bool], [[UInt8]], [[UInt8]], [Int]) = ([], [], [], [])
    let isRead = bytes.withUnsafeBytes { bytes -> Bool in
      var reader = ThriftReader(bytes)
      let read: Void? = try? reader.readStructure { number, type, reader in
        switch number {
        case 1: isNull = try reader.readList(type, limit: rows.count) { _, reader in try reader.readBoolElement() }
        case 2: least = try reader.readList(type, limit: rows.count) { type, reader in try reader.readBytes(type) }
        case 3: greatest = try reader.readList(type, limit: rows.count) { type, reader in try reader.readBytes(type) }
        case 5: nullCounts = try reader.readList(type, limit: rows.count) { type, reader in try reader.readInt(type) }
        default: return false
        }
        return true
      }
      return read != nil
    }
    guard isRead, isNull.count == rows.count, least.count == rows.count, greatest.count == rows.count else { return nil }
    return rows.indices.map { page in
      var statistics = ParquetStatistics()
      statistics.nullCount = isNull[page] ? rows[page].count : nullCounts.count == rows.count ? nullCounts[page] : nil
      if !isNull[page] { (statistics.least, statistics.greatest) = (least[page], greatest[page]) }
      return statistics
    }
  }
}
