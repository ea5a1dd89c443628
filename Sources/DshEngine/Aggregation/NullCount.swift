// `count_nulls` and `null_share`: rows whose value is missing.

import DshColumns
import CDshKernels

/// How many rows are null, and how many rows there are.
final class NullCount: Accumulator {
  private let nulls = GroupArray<Int64>(initial: 0)

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    nulls.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + nulls.sizeBytes }

  override func update(_ arguments: [AggregateRows]) {
    let rows = arguments[0]
    skipUnselected(of: rows)
    guard let valid = rows.valid else { return }
    let missing = valid.enumerated().map { word, valid in ~valid & (rows.selected.map { $0[word] } ?? ~0) }
    if let groups = rows.groups {
      dsh_count(nulls.pointer, groups, missing, 1, rows.count)
    } else {
      nulls[0] += Int64(
        missing.enumerated().reduce(0) { $0 + Bitmap.maskedCount($1.element, wordIndex: $1.offset, rowCount: rows.count) })
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard let counts = states[0].fixed(Int64.self) else { return }
    for row in 0..<states[0].count where states[0].isValid(row) { nulls[Int(groups[row])] &+= counts[row] }
    mergeCounts(states[1], groups: groups)
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    [nullColumn(groupCount), countColumn(rowCounts, groupCount)]
  }

  private func nullColumn(_ groupCount: Int) -> Column {
    let builder = ColumnBuilder(type: .int64, rows: groupCount)
    for group in 0..<groupCount { builder.append(int64: nulls[group]) }
    return builder.finish()
  }

  /// The share of nulls among the rows of each group; null over no rows.
  func shares(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> Column {
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      let rows = valueCount(group, rowCounts)
      if rows == 0 { builder.appendNull() } else { builder.append(float64: Double(nulls[group]) / Double(rows)) }
    }
    return builder.finish()
  }
}

extension AggregateState where States == NullCount {
  static let nulls = AggregateState("nulls", { _ in [.int64, .int64] }) { _ in NullCount() }
}
