// One row of the arguments of each group: the first, the last, or that with an extreme value.

import DshColumns

/// The columns of one row per group, exchanged for another row whenever the accumulator says so.
///
/// Of each batch the rows that hold at its end are kept. Once most of what is kept has been outdone, it is gathered anew.
final class KeptRows {
  struct Place: BitwiseCopyable {
    /// Negative before the first row.
    var chunk: Int32 = -1
    var row: Int32 = 0
  }

  private let types: [DataType]
  /// Where the row of each group is.
  let places = GroupArray(initial: Place())
  private(set) var chunks: [[Column]] = []
  private var keptRowCount = 0
  private var chunkBytes = 0
  private var textBytes = 0
  /// So many rows may be kept for nothing, however few groups there are.
  private static let slackRows = 64

  init(types: [DataType]) { self.types = types }

  var sizeBytes: Int { places.sizeBytes + chunkBytes }

  /// The bytes of the texts that are kept.
  var extent: Int { textBytes }

  /// The number of the chunk to come.
  var nextChunk: Int32 { Int32(truncatingIfNeeded: chunks.count) }

  /// Keeps the rows of a batch that the places of some groups say, in the chunk to come.
  func keep(_ groups: [Int], of columns: [Column]) {
    if groups.isEmpty { return }
    let rows = RowIndexes(groups.lazy.map { self.places[$0].row })
    append(columns.map { $0.gather(rows) })
    for (row, group) in groups.enumerated() { places[group].row = Int32(truncatingIfNeeded: row) }
    if keptRowCount > places.count * 2 + Self.slackRows { compact() }
  }

  private func append(_ columns: [Column]) {
    chunks.append(columns)
    keptRowCount += columns[0].count
    let texts = columns.map(\.plainTextBytes)
    textBytes += texts.max() ?? 0
    chunkBytes += texts.reduce(0, +) + columns[0].count * columns.count * 9
  }

  /// Forgets the rows that were outdone.
  private func compact() {
    let columns = columns(places.count)
    (chunks, keptRowCount, chunkBytes, textBytes) = ([], 0, 0, 0)
    append(columns)
    for group in 0..<places.count where places[group].chunk >= 0 {
      places[group] = Place(chunk: 0, row: Int32(truncatingIfNeeded: group))
    }
  }

  /// The row of each group; nulls where there was none.
  func columns(_ groupCount: Int) -> [Column] {
    var starts: [Int] = []
    var start = 0
    for chunk in chunks {
      starts.append(start)
      start += chunk[0].count
    }
    let rows = RowIndexes(
      (0..<groupCount).lazy.map { group in
        let place = self.places[group]
        return place.chunk < 0 ? -1 : Int32(truncatingIfNeeded: starts[Int(place.chunk)]) &+ place.row
      })
    return types.enumerated().map { index, type in Column.concatenation(chunks.map { $0[index] }, type: type).gather(rows) }
  }
}
