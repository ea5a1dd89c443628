// `first` and `last`: a row at an end of each group.

import DshColumns

/// The first or last row of each group in the order of the dataset; a null is a value like any other.
///
/// A state is the value and whether there was a row at all.
final class EdgeRows: Accumulator {
  private let isFirst: Bool
  private let rows: KeptRows

  init(type: DataType, isFirst: Bool) {
    self.isFirst = isFirst
    rows = KeptRows(types: [type])
  }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    rows.places.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + rows.sizeBytes }
  override var extent: Int { rows.extent }

  override func update(_ arguments: [AggregateRows]) {
    let values = arguments[0]
    add(values, values.column) { values.isSelected($0) }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard case .bits(let buffer) = states[1].storage else { return }
    let isPresent = Bitmap(buffer: buffer, count: states[1].count)
    add(AggregateRows(groups: groups, column: states[1]), states[0]) { isPresent[$0] && states[1].isValid($0) }
  }

  private func add(_ rows: AggregateRows, _ values: Column, counts: (Int) -> Bool) {
    let places = self.rows.places
    let chunk = self.rows.nextChunk
    var changed: [Int] = []
    for row in 0..<rows.count where counts(row) {
      let group = rows.group(row)
      let known = places[group].chunk
      if known >= 0 && isFirst { continue }
      if known != chunk { changed.append(group) }
      places[group] = KeptRows.Place(chunk: chunk, row: Int32(truncatingIfNeeded: row))
    }
    self.rows.keep(changed, of: [values])
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let isPresent = ColumnBuilder(type: .bool, rows: groupCount)
    for group in 0..<groupCount { isPresent.append(bool: rows.places[group].chunk >= 0) }
    return rows.columns(groupCount) + [isPresent.finish()]
  }
}

extension AggregateState where States == EdgeRows {
  static func edge(_ name: String, isFirst: Bool) -> AggregateState {
    AggregateState(name, { [$0[0], .bool] }) { EdgeRows(type: $0.arguments[0], isFirst: isFirst) }
  }
}
