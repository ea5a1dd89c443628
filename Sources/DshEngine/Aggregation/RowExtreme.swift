// `arg_max` and `arg_min`: the row with the greatest or least value of each group.

import DshColumns

/// The first row of each group that has the greatest value, or the least.
///
/// A state is that value and what belongs to it, so partial states are rows like any others.
final class RowExtreme: Accumulator {
  private let isMaximum: Bool
  /// The columns of the rows: the value that decides, then what belongs to it.
  private let rows: KeptRows
  /// The extreme value of each group if it is of fixed width, as a word; of a minimum with all bits turned.
  private let extremes = GroupArray<Int64>(initial: 0)

  init(value: DataType, order: DataType, isMaximum: Bool) {
    self.isMaximum = isMaximum
    rows = KeptRows(types: [order, value])
  }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    rows.places.grow(to: groupCount)
    extremes.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + rows.sizeBytes + extremes.sizeBytes }
  override var extent: Int { rows.extent }

  override func update(_ arguments: [AggregateRows]) { add(arguments[1], values: arguments[0].column) }

  override func merge(_ states: [Column], groups: [UInt32]) {
    add(AggregateRows(groups: groups, column: states[0]), values: states[1])
  }

  private func add(_ order: AggregateRows, values: Column) {
    let leaders = order.column.isText ? leadersByText(order) : leadersByWord(order)
    rows.keep(leaders, of: [order.column, values])
  }

  /// Finds the groups whose extreme value is among these rows; their places are rows of the batch, in the chunk to come.
  private func leadersByWord(_ order: AggregateRows) -> [Int] {
    let words = OrderWords.words(of: order.column, turned: isMaximum ? 0 : -1)
    let places = rows.places
    let chunk = rows.nextChunk
    var leaders: [Int] = []
    for row in 0..<order.count where order.isValid(row) {
      let group = order.group(row)
      let place = places[group]
      if place.chunk >= 0 && words[row] <= extremes[group] { continue }
      if place.chunk != chunk { leaders.append(group) }
      extremes[group] = words[row]
      places[group] = KeptRows.Place(chunk: chunk, row: Int32(truncatingIfNeeded: row))
    }
    return leaders
  }

  private func leadersByText(_ order: AggregateRows) -> [Int] {
    let texts = TextArgument(order.column)
    let places = rows.places
    let chunk = rows.nextChunk
    let kept = rows.chunks.map { TextArgument($0[0]) } + [texts]
    var leaders: [Int] = []
    for row in 0..<order.count where order.isValid(row) {
      let group = order.group(row)
      let place = places[group]
      if place.chunk >= 0 {
        let comparison = texts[row].order(to: kept[Int(place.chunk)][Int(place.row)])
        if isMaximum ? comparison <= 0 : comparison >= 0 { continue }
      }
      if place.chunk != chunk { leaders.append(group) }
      places[group] = KeptRows.Place(chunk: chunk, row: Int32(truncatingIfNeeded: row))
    }
    return leaders
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] { rows.columns(groupCount) }

  /// What belongs to the extreme value of each group; null where there was no row.
  func values(_ groupCount: Int) -> Column { rows.columns(groupCount)[1] }
}

extension Column {
  fileprivate var isText: Bool {
    switch storage {
    case .text, .dictionary: true
    default: false
    }
  }
}
