// Values with their groups as a list per group, and such lists as values again: how states of many values travel.

import DshColumns

/// Values in any order of their groups.
struct GroupedLists {
  let elements: Column
  let groups: [UInt32]

  init(_ elements: Column, groups: [UInt32]) {
    self.elements = elements
    self.groups = groups
  }

  /// The elements of a column of lists, each with the group of its row.
  init(_ lists: Column, _ groupOfRow: [UInt32]) {
    guard case .list(let offsets, let elements) = lists.storage, lists.count > 0 else {
      let type: DataType = if case .list(let element) = lists.type { element } else { .null }
      self.init(ColumnBuilder(type: type).finish(), groups: [])
      return
    }
    let ends = offsets.pointer(to: Int32.self)
    var groups: [UInt32] = []
    groups.reserveCapacity(Int(ends[lists.count] - ends[0]))
    for row in 0..<lists.count { groups += repeatElement(groupOfRow[row], count: Int(ends[row + 1] - ends[row])) }
    self.init(elements.slice(from: Int(ends[0]), count: groups.count), groups: groups)
  }

  /// The numbers of the elements group by group, those of one in their order, and where each group begins and the last ends.
  func order(_ groupCount: Int) -> (ends: [Int], places: [Int32]) {
    var ends = [Int](repeating: 0, count: groupCount + 1)
    for group in groups { ends[Int(group) + 1] += 1 }
    for group in 0..<groupCount { ends[group + 1] += ends[group] }
    var cursors = ends
    let places = [Int32](unsafeUninitializedCapacity: groups.count) { output, count in
      for (element, group) in groups.enumerated() {
        output[cursors[Int(group)]] = Int32(truncatingIfNeeded: element)
        cursors[Int(group)] += 1
      }
      count = groups.count
    }
    return (ends, places)
  }

  /// A list per group.
  func lists(_ groupCount: Int, nullWhereEmpty: Bool = false) -> Column {
    let (ends, places) = order(groupCount)
    let offsets = MutableBuffer(capacity: ends.count * 4)
    for end in ends { offsets.append(Int32(truncatingIfNeeded: end)) }
    var validity: Bitmap?
    if nullWhereEmpty, (0..<groupCount).contains(where: { ends[$0] == ends[$0 + 1] }) {
      validity = .make(count: groupCount) { word in
        (0..<min(64, groupCount - word * 64)).reduce(0) { bits, bit in
          ends[word * 64 + bit] == ends[word * 64 + bit + 1] ? bits : bits | 1 &<< UInt64(bit)
        }
      }
    }
    let sorted = groupCount == 1 ? elements : elements.gather(RowIndexes(places))
    return Column(
      type: .list(elements.type), count: groupCount, validity: validity, storage: .list(offsets: offsets.freeze(), elements: sorted))
  }
}
