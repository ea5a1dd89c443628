// `list` and `string_join`: all values of each group in order.

import DshColumns
import DshDiagnostics

/// All values that are not null, in the order in which they come, each with its group.
final class ListedValues: Accumulator {
  private let type: DataType
  private let builder: ColumnBuilder
  private var groups: [UInt32] = []
  private var textBytes = 0

  init(type: DataType) {
    self.type = type
    builder = ColumnBuilder(type: type)
  }

  override var sizeBytes: Int { super.sizeBytes + builder.sizeBytes + groups.capacity * 4 }
  override var extent: Int { max(textBytes, groups.count) }

  override func add(_ rows: AggregateRows) {
    let values = rows.values
    append(values.column, values.groups)
  }

  private func append(_ column: Column, _ groups: [UInt32]) {
    textBytes += column.plainTextBytes
    builder.append(column)
    self.groups += groups
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    let lists = GroupedLists(states[0], groups)
    append(lists.elements, lists.groups)
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] { [lists(groupCount, nullWhereEmpty: false)] }

  /// The values of each group; the accumulator is used no more.
  func lists(_ groupCount: Int, nullWhereEmpty: Bool) -> Column {
    GroupedLists(builder.finish(), groups: groups).lists(groupCount, nullWhereEmpty: nullWhereEmpty)
  }

  /// The texts of each group behind one another; the accumulator is used no more.
  func joined(by separator: String, _ groupCount: Int) throws(RowError) -> Column {
    do {
      try TextLimit.check(textBytes &+ groups.count &* separator.utf8.count)
    } catch {
      throw RowError(error, row: 0)
    }
    let lists = GroupedLists(builder.finish(), groups: groups)
    let order = lists.order(groupCount)
    guard lists.elements.type == .string else { return Operand(.null, type: .string).materialized(rowCount: groupCount) }
    let texts = TextArgument(lists.elements)
    let joined = ColumnBuilder(type: .string, rows: groupCount)
    let bytes = MutableBuffer(capacity: 1024)
    let between = Array(separator.utf8)
    for group in 0..<groupCount {
      let places = order.places[order.ends[group]..<order.ends[group + 1]]
      if places.isEmpty {
        joined.appendNull()
        continue
      }
      bytes.byteCount = 0
      for (index, place) in places.enumerated() {
        if index > 0 { between.withUnsafeBytes { if let base = $0.baseAddress { bytes.append(base, byteCount: $0.count) } } }
        let text = texts[Int(place)]
        if let base = text.baseAddress { bytes.append(base, byteCount: text.count) }
      }
      joined.append(text: bytes.start, byteCount: bytes.byteCount)
    }
    return joined.finish()
  }
}

extension AggregateState where States == ListedValues {
  static let list = AggregateState("list", { [.list($0[0])] }) { ListedValues(type: $0.arguments[0]) }
}
