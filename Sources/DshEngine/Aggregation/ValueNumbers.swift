// Numbers for the different values of each group, in the order in which they are first met.

import DshColumns

/// The pairs of a group and a value, numbered.
///
/// Values are numbered first, whatever their type; a group and the number of a value make one word, so that pairs are looked up as words.
/// Where there is one group alone, the number of a value is that of the pair.
final class ValueNumbers {
  private let values: GroupTable
  private let pairs: GroupTable?

  init(type: DataType, isGlobal: Bool) {
    values = GroupTable(types: [type])
    pairs = isGlobal ? nil : GroupTable(types: [.int64])
  }

  var count: Int { pairs?.groupCount ?? values.groupCount }

  var sizeBytes: Int { values.sizeBytes + (pairs?.sizeBytes ?? 0) }

  /// The bytes of the texts among the values, and some more, or how many pairs there are.
  var extent: Int { max(values.keyBytes, count) }

  /// The number of each row's pair.
  func numbers(of column: Column, groups: [UInt32]) -> [UInt32] {
    if column.count == 0 { return [] }
    guard let numbers = values.groups(of: [column], rowCount: column.count) else { return [] }
    guard let pairs else { return numbers }
    let words = MutableBuffer(capacity: column.count * 8)
    for row in 0..<column.count { words.append(Int64(groups[row]) << 32 | Int64(numbers[row])) }
    let keys = Column(type: .int64, count: column.count, validity: nil, storage: .fixed(words.freeze()))
    return pairs.groups(of: [keys], rowCount: column.count) ?? []
  }

  /// All pairs in the order of their numbers.
  func contents() -> GroupedLists {
    let all = values.keyColumns()[0]
    guard let pairs else { return GroupedLists(all, groups: [UInt32](repeating: 0, count: values.groupCount)) }
    let words = OrderWords.words(of: pairs.keyColumns()[0])
    let rows = RowIndexes(words.lazy.map { Int32(truncatingIfNeeded: $0 & 0xFFFF_FFFF) })
    return GroupedLists(all.gather(rows), groups: words.map { UInt32(truncatingIfNeeded: $0 >> 32) })
  }
}
