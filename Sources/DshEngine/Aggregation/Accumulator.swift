// What is kept per group for an aggregate, and how rows and partial states are added.

import CDshKernels
import DshColumns

/// An argument of an aggregate over one batch.
struct AggregateRows {
  /// The group of each row; nil if all rows are of group 0.
  let groups: [UInt32]?
  let column: Column
  /// The rows that the condition of the aggregate lets through, as whole words; nil if there is none.
  let selected: [UInt64]?
  /// The rows that it lets through and whose argument is not null, as whole words; nil if those are all.
  let valid: [UInt64]?

  init(groups: [UInt32]?, column: Column, selected: [UInt64]? = nil) {
    self.groups = groups
    self.column = column
    self.selected = selected
    if column.type == .null {
      valid = [UInt64](repeating: 0, count: (column.count + 63) / 64)
    } else if let validity = column.validity {
      valid = (0..<validity.wordCount).map { word in validity.word(word) & (selected.map { $0[word] } ?? ~0) }
    } else {
      valid = selected
    }
  }

  /// The same rows with a row that one of several arguments lacks counting as none.
  init(_ arguments: [AggregateRows]) {
    let first = arguments[0]
    groups = first.groups
    column = first.column
    selected = first.selected
    valid = arguments.dropFirst().reduce(first.valid) { valid, other in
      guard let valid, let more = other.valid else { return valid ?? other.valid }
      return zip(valid, more).map { $0 & $1 }
    }
  }

  var count: Int { column.count }

  @inline(__always) func group(_ row: Int) -> Int { groups.map { Int($0[row]) } ?? 0 }

  @inline(__always) func isValid(_ row: Int) -> Bool { valid.map { $0[row &>> 6] &>> UInt64(row & 63) & 1 != 0 } ?? true }

  @inline(__always) func isSelected(_ row: Int) -> Bool { selected.map { $0[row &>> 6] &>> UInt64(row & 63) & 1 != 0 } ?? true }

  /// The values that count, and their groups.
  var values: (column: Column, groups: [UInt32]) {
    guard valid != nil else { return (column, groups ?? [UInt32](repeating: 0, count: count)) }
    let rows = (0..<count).filter { isValid($0) }
    return (column.gather(RowIndexes(rows.lazy.map { Int32(truncatingIfNeeded: $0) })), rows.map { UInt32(truncatingIfNeeded: group($0)) })
  }
}

/// The states of aggregates for all groups.
///
/// How many values a group has is the rows of the group, which the aggregator counts once for all aggregates, plus a
/// correction: minus one for each null, plus the values of partial states taken in. Most aggregates never need corrections, so
/// there are none until the first null or partial state.
class Accumulator {
  private let corrections = GroupArray<Int64>(initial: 0)
  private(set) final var groupCount = 0

  /// How many groups there are if they are so few, and the rows so many, that states in several lanes are faster than one.
  final func fewGroups(for rowCount: Int) -> Int? { Self.fewGroups(groupCount, rowCount: rowCount) }

  /// The same for any number of groups; bringing lanes together costs as much as some rows for each group.
  static func fewGroups(_ groupCount: Int, rowCount: Int) -> Int? {
    groupCount <= Int(DSH_FEW_GROUPS) && rowCount >= groupCount * 64 ? groupCount : nil
  }

  /// Makes places for all groups.
  func grow(to groupCount: Int) { self.groupCount = groupCount }

  /// Changes how many values a group has beyond its rows.
  final func correct(_ group: Int, by step: Int64) {
    corrections.grow(to: groupCount)
    corrections[group] &+= step
  }

  /// The same for the group of each row.
  final func correct(_ groups: [UInt32], by step: Int64) {
    corrections.grow(to: groupCount)
    dsh_count(corrections.pointer, groups, nil, step, groups.count)
  }

  var sizeBytes: Int { corrections.sizeBytes }

  /// How many bytes of text, or values, the largest column of its states holds: such columns have offsets of 32 bits.
  var extent: Int { 0 }

  /// Adds the rows of a batch, given as the columns of all arguments. A null in the only argument is no value; an accumulator over several
  /// decides itself what counts, and so does one for which nulls count.
  func update(_ arguments: [AggregateRows]) {
    guard let rows = arguments.first else { return }
    skipNulls(of: rows)
    add(rows)
  }

  /// Takes the nulls of an argument out of the value counts.
  final func skipNulls(of rows: AggregateRows) { skip(allBut: rows.valid, of: rows) }

  /// Takes the rows that a condition does not let through out of the value counts, and leaves nulls there.
  final func skipUnselected(of rows: AggregateRows) { skip(allBut: rows.selected, of: rows) }

  /// Takes all rows but some out of the value counts.
  final func skip(allBut valid: [UInt64]?, of rows: AggregateRows) {
    if let valid {
      let nulls = valid.map { ~$0 }
      if let groups = rows.groups {
        corrections.grow(to: groupCount)
        dsh_count(corrections.pointer, groups, nulls, -1, rows.count)
      } else {
        let values = valid.enumerated().reduce(0) { $0 + Bitmap.maskedCount($1.element, wordIndex: $1.offset, rowCount: rows.count) }
        correct(0, by: Int64(values - rows.count))
      }
    }
  }

  /// Adds the values of the only argument.
  func add(_ rows: AggregateRows) {}

  /// Adds partial states: row i of the state columns belongs to `groups[i]`.
  func merge(_ states: [Column], groups: [UInt32]) {}

  /// The states of all groups as columns.
  func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] { [] }

  /// What groups hold that one row of states has no room for: an accumulator with a state for each further row, and the rows' groups.
  func furtherStates() -> (accumulator: Accumulator, groups: [Int])? { nil }

  /// How many values a group has.
  @inline(__always) final func valueCount(_ group: Int, _ rowCounts: GroupArray<Int64>) -> Int64 {
    rowCounts[group] &+ (group < corrections.count ? corrections[group] : 0)
  }

  final func countColumn(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> Column {
    .int64(count: groupCount) { output in
      let counts = rowCounts.pointer
      let corrected = min(groupCount, corrections.count)
      for group in 0..<corrected { output[group] = counts[group] &+ corrections[group] }
      for group in corrected..<groupCount { output[group] = counts[group] }
    }
  }

  /// Adds the value counts of partial states.
  final func mergeCounts(_ column: Column, groups: [UInt32]) {
    guard let counts = column.fixed(Int64.self) else { return }
    corrections.grow(to: groupCount)
    let corrections = corrections.pointer
    if column.nullCount == 0 {
      for row in 0..<column.count { corrections[Int(groups[row])] &+= counts[row] }
    } else {
      for row in 0..<column.count where column.isValid(row) { corrections[Int(groups[row])] &+= counts[row] }
    }
  }
}

extension Bitmap {
  /// The set bits of a word that lie before the end.
  static func maskedCount(_ word: UInt64, wordIndex: Int, rowCount: Int) -> Int {
    let remaining = rowCount - wordIndex * 64
    return (remaining >= 64 ? word : word & ((1 &<< UInt64(remaining)) &- 1)).nonzeroBitCount
  }
}

/// Aggregates of a column that holds nothing but nulls.
final class NullAccumulator: Accumulator {
  private let type: DataType

  init(type: DataType) { self.type = type }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    [Operand(.null, type: type).materialized(rowCount: groupCount)]
  }
}
