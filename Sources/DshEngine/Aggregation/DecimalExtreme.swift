// `min` and `max` of decimals.

import DshColumns

/// The least or greatest value of each group; a maximum is the minimum of the numbers with all bits turned.
final class DecimalExtreme: Accumulator {
  private let type: DataType
  private let turned: Int128
  private let least = GroupArray<Int128>(initial: .max)

  init(type: DataType, isMaximum: Bool) {
    self.type = type
    turned = isMaximum ? -1 : 0
  }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    least.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + least.sizeBytes }

  override func add(_ rows: AggregateRows) {
    guard let values = rows.column.fixed(Int128.self) else { return }
    for row in 0..<rows.count where rows.isValid(row) { least[rows.group(row)] = min(least[rows.group(row)], values[row] ^ turned) }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard let values = states[0].fixed(Int128.self) else { return }
    for row in 0..<states[0].count where states[0].isValid(row) {
      let group = Int(groups[row])
      least[group] = min(least[group], values[row] ^ turned)
      correct(group, by: 1)
    }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let builder = ColumnBuilder(type: type, rows: groupCount)
    for group in 0..<groupCount {
      if valueCount(group, rowCounts) == 0 { builder.appendNull() } else { builder.append(int128: least[group] ^ turned) }
    }
    return [builder.finish()]
  }
}
