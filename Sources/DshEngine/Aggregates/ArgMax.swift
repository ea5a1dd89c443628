// `arg_max`: a value of the row that has the greatest of another.

import DshColumns
import DshPlan

extension AggregateRegistry {
  static let argMax = Aggregate(
    "arg_max", ["x", "by"], [Overload([.variable(0), .ordered(1)], result: .variable(0))],
    "The value of x in the row with the greatest by, the first of several; rows where by is null are skipped.",
    examples: [
      "read data/weather.csv | agg windiest = arg_max(date, wind) | take",
      "read data/weather.csv | agg windiest = arg_max(date, wind) by weather | take",
    ],
    seesOrder: true,
    state: AggregateState("arg_max", { [$0[1], $0[0]] }) { ArgMax(value: $0.arguments[0], order: $0.arguments[1]) },
    result: { rows, _, _, groupCount in rows.columns(groupCount).values })
}

/// The row with the greatest value of each group.
///
/// Of each batch the rows that are the greatest of their groups up to there are kept. Once most of what is kept has been outdone, it is
/// gathered anew. A state is the greatest value and what belongs to it, so partial states are rows like any others.
final class ArgMax: Accumulator {
  private struct Place: BitwiseCopyable {
    /// Negative before the first row.
    var chunk: Int32 = -1
    var row: Int32 = 0
  }

  private struct Chunk {
    let order: Column
    let values: Column
    let texts: TextArgument?

    init(order: Column, values: Column) {
      self.order = order
      self.values = values
      texts = order.isText ? TextArgument(order) : nil
    }

    var sizeBytes: Int { order.plainTextBytes + values.plainTextBytes + order.count * 16 }
  }

  private let valueType: DataType
  private let orderType: DataType
  private let places = GroupArray(initial: Place())
  /// The greatest value of each group if it is of fixed width, as a word.
  private let greatest = GroupArray<Int64>(initial: 0)
  private var chunks: [Chunk] = []
  private var keptRowCount = 0
  /// So many rows may be kept for nothing, however few groups there are.
  private static let slackRows = 64

  init(value: DataType, order: DataType) {
    valueType = value
    orderType = order
  }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    places.grow(to: groupCount)
    greatest.grow(to: groupCount)
  }

  override var sizeBytes: Int {
    super.sizeBytes + places.sizeBytes + greatest.sizeBytes + chunks.reduce(0) { $0 + $1.sizeBytes }
  }

  override func update(_ arguments: [AggregateRows]) { add(arguments[1], values: arguments[0].column) }

  override func merge(_ states: [Column], groups: [UInt32]) {
    add(AggregateRows(groups: groups, column: states[0]), values: states[1])
  }

  private func add(_ order: AggregateRows, values: Column) {
    let leaders = order.column.isText ? leadersByText(order) : leadersByWord(order)
    if leaders.isEmpty { return }
    let rows = RowIndexes(leaders.lazy.map { self.places[$0].row })
    chunks.append(Chunk(order: order.column.gather(rows), values: values.gather(rows)))
    keptRowCount += leaders.count
    for (row, group) in leaders.enumerated() { places[group].row = Int32(truncatingIfNeeded: row) }
    if keptRowCount > groupCount * 2 + Self.slackRows { compact() }
  }

  /// Finds the groups whose greatest value is among these rows; their places are rows of the batch, in the chunk to come.
  private func leadersByWord(_ order: AggregateRows) -> [Int] {
    let words = OrderWords.words(of: order.column)
    let chunk = Int32(truncatingIfNeeded: chunks.count)
    var leaders: [Int] = []
    for row in 0..<order.count where order.isValid(row) {
      let group = order.group(row)
      let place = places[group]
      if place.chunk >= 0 && words[row] <= greatest[group] { continue }
      if place.chunk != chunk { leaders.append(group) }
      greatest[group] = words[row]
      places[group] = Place(chunk: chunk, row: Int32(truncatingIfNeeded: row))
    }
    return leaders
  }

  private func leadersByText(_ order: AggregateRows) -> [Int] {
    let texts = TextArgument(order.column)
    let chunk = Int32(truncatingIfNeeded: chunks.count)
    let kept = chunks.compactMap(\.texts) + [texts]
    var leaders: [Int] = []
    for row in 0..<order.count where order.isValid(row) {
      let group = order.group(row)
      let place = places[group]
      if place.chunk >= 0 && texts[row].order(to: kept[Int(place.chunk)][Int(place.row)]) <= 0 { continue }
      if place.chunk != chunk { leaders.append(group) }
      places[group] = Place(chunk: chunk, row: Int32(truncatingIfNeeded: row))
    }
    return leaders
  }

  /// Forgets the rows that were outdone.
  private func compact() {
    let (order, values) = columns(groupCount)
    chunks = [Chunk(order: order, values: values)]
    keptRowCount = groupCount
    for group in 0..<groupCount where places[group].chunk >= 0 {
      places[group] = Place(chunk: 0, row: Int32(truncatingIfNeeded: group))
    }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let (order, values) = columns(groupCount)
    return [order, values]
  }

  /// The greatest value of each group and what belongs to it; null where there was no row.
  func columns(_ groupCount: Int) -> (order: Column, values: Column) {
    var starts: [Int] = []
    var start = 0
    for chunk in chunks {
      starts.append(start)
      start += chunk.order.count
    }
    let rows = RowIndexes(
      (0..<groupCount).lazy.map { group in
        let place = self.places[group]
        return place.chunk < 0 ? -1 : Int32(truncatingIfNeeded: starts[Int(place.chunk)]) &+ place.row
      })
    return (
      Column.concatenation(chunks.map(\.order), type: orderType).gather(rows),
      Column.concatenation(chunks.map(\.values), type: valueType).gather(rows)
    )
  }
}

extension Column {
  fileprivate var isText: Bool {
    switch storage {
    case .text, .dictionary: true
    default: false
    }
  }
}
