// Numbers the distinct values of one key of fixed width, looked up in whichever way suits how they lie.

import CDshKernels
import DshColumns

/// The groups of keys that are words; null is a group of its own.
final class WordGroups {
  /// How a word's number is found.
  private enum Search {
    /// The words came in ascending order, as in a sorted column: a row is looked up by the row before it.
    case neighbours
    /// The words lie close together: each has a place by its distance from the least, which holds its number plus one.
    case places(least: Int64, numbers: GroupArray<UInt32>)
    /// In an open-addressing table.
    case hashes(GroupArray<dsh_group_slot>)
  }

  private let type: DataType
  /// The word of each group; zero for the group of null.
  let words = GroupArray<UInt64>(initial: 0)
  private(set) var null: Int?
  private(set) var count = 0
  private var search = Search.neighbours
  /// The rows shown so far.
  private var rowCount = 0

  /// A hash table is at most this full, in halves: beyond it the searches of open addressing grow long.
  static let slotsPerKey = 2
  /// Words have places of their own if there are at most so many for each row shown: more would be mostly empty, and slower to clear than hashing.
  private static let placesPerRow = 32
  /// More places than fit into the cache of a processor (4 MiB) are no faster than a hash table.
  private static let largestPlaceCount = 1 << 20
  /// Fewer are always worth having.
  private static let smallestPlaceCount = 1 << 10

  init(type: DataType) { self.type = type }

  var sizeBytes: Int {
    switch search {
    case .neighbours: words.sizeBytes
    case .places(_, let numbers): words.sizeBytes + numbers.sizeBytes
    case .hashes(let slots): words.sizeBytes + slots.sizeBytes
    }
  }

  /// Whether the words came in ascending order so far.
  var isAscending: Bool { if case .neighbours = search { true } else { false } }

  /// Whether the groups are in ascending order of their keys. False if nobody knows.
  var isInOrder: Bool {
    // The words of floats below zero descend.
    isAscending && (count == 0 || type != .float64 || Int64(bitPattern: words[0]) >= 0)
  }

  /// The group of every row.
  func groups(of column: Column) -> [UInt32] {
    rowCount += column.count
    guard let validity = column.validity, column.nullCount > 0 else { return KeyWords.withWords(of: column) { number($0) } }
    return KeyWords.withWords(of: column) { words in
      var present: [UInt64] = []
      present.reserveCapacity(words.count)
      var firstNull = -1
      for row in 0..<words.count {
        if validity[row] { present.append(words[row]) } else if firstNull < 0 { firstNull = row }
      }
      // The number of a new null group must follow the keys of the rows before it, so these are numbered first.
      let before = validity.slice(from: 0, count: firstNull).setCount
      var numbers = present[..<before].withUnsafeBufferPointer { number($0) }
      let null = nullGroup()
      numbers += present[before...].withUnsafeBufferPointer { number($0) }
      var next = 0
      return (0..<words.count).map { row in
        guard validity[row] else { return UInt32(truncatingIfNeeded: null) }
        next += 1
        return numbers[next - 1]
      }
    }
  }

  private func nullGroup() -> Int {
    if let null { return null }
    if isAscending { hash() }
    let group = count
    words.grow(to: group + 1)
    count += 1
    null = group
    return group
  }

  private func number(_ rows: UnsafeBufferPointer<UInt64>) -> [UInt32] {
    guard let base = rows.baseAddress, rows.count > 0 else { return [] }
    words.reserve(count + rows.count)
    defer { words.accept(count: count) }
    return [UInt32](unsafeUninitializedCapacity: rows.count) { output, written in
      written = rows.count
      guard let groups = output.baseAddress else { return }
      var known = UInt32(truncatingIfNeeded: count)
      if case .neighbours = search {
        if dsh_group_ascending(base, rows.count, groups, words.pointer, &known) != 0 {
          count = Int(known)
          return
        }
        if !givePlaces(to: rows) { hash() }
      } else if case .places = search, !givePlaces(to: rows) {
        hash()
      }
      switch search {
      case .neighbours: break
      case .places(let least, let numbers): dsh_group_places(numbers.pointer, least, base, rows.count, groups, words.pointer, &known)
      case .hashes(let slots):
        let slots = makeRoom(for: rows.count, slots)
        dsh_group_words(slots.pointer, UInt64(slots.count - 1), base, rows.count, groups, words.pointer, &known)
      }
      count = Int(known)
    }
  }

  // MARK: Places

  /// Sees to it that all words have places, those of some more rows too; false if they lie too far apart.
  private func givePlaces(to rows: UnsafeBufferPointer<UInt64>) -> Bool {
    var least = Int64.max
    var greatest = Int64.min
    dsh_word_bounds(rows.baseAddress, rows.count, &least, &greatest)
    let old: Range<Int64>? =
      if case .places(let least, let numbers) = search { least..<least + Int64(numbers.count) } else { nil }
    if let old {
      if old.lowerBound <= least, greatest < old.upperBound { return true }
      least = min(least, old.lowerBound)
      greatest = max(greatest, old.upperBound - 1)
    } else if count > 0 {
      dsh_word_bounds(words.pointer, count, &least, &greatest)
    }
    let (distance, overflow) = greatest.subtractingReportingOverflow(least)
    let limit = min(Self.largestPlaceCount, max(Self.smallestPlaceCount, rowCount * Self.placesPerRow))
    guard !overflow, distance < limit else { return false }
    // Room on both sides, so that a few rows beyond do not move everything again.
    let margin = min((Int64(limit) - 1 - distance) / 2, distance / 2 + 1)
    let start = least.subtractingReportingOverflow(margin)
    let end = greatest.addingReportingOverflow(margin)
    let first = start.overflow || end.overflow ? least : start.partialValue
    let last = start.overflow || end.overflow ? greatest : end.partialValue
    let numbers = GroupArray<UInt32>(initial: 0)
    numbers.grow(to: Int(last - first) + 1)
    for group in 0..<count where group != null {
      numbers[Int(Int64(bitPattern: words[group]) - first)] = UInt32(truncatingIfNeeded: group + 1)
    }
    search = .places(least: first, numbers: numbers)
    return true
  }

  // MARK: Hashes

  /// Looks words up in a hash table from now on.
  private func hash() {
    let slots = GroupArray(initial: dsh_group_slot(key: 0, group: 0, unused: 0))
    var wanted = 1024
    while wanted < count * Self.slotsPerKey { wanted *= 2 }
    slots.grow(to: wanted)
    dsh_group_place_words(slots.pointer, UInt64(wanted - 1), words.pointer, count, null ?? count)
    search = .hashes(slots)
  }

  private func makeRoom(for extra: Int, _ slots: GroupArray<dsh_group_slot>) -> GroupArray<dsh_group_slot> {
    var wanted = slots.count
    while wanted < (count + extra) * Self.slotsPerKey { wanted *= 2 }
    if wanted == slots.count { return slots }
    let larger = GroupArray(initial: dsh_group_slot(key: 0, group: 0, unused: 0))
    larger.grow(to: wanted)
    dsh_group_rehash_words(slots.pointer, slots.count, larger.pointer, UInt64(wanted - 1))
    search = .hashes(larger)
    return larger
  }

  // MARK: What was found

  /// The keys of all groups.
  var keys: Column { KeyWords.column(UnsafeBufferPointer(start: words.pointer, count: count), type: type, nullAt: null) }

  /// The hash of a group's key, the same as `KeyHash.hashes` gives for the rows.
  @inline(__always) func hash(ofGroup group: Int) -> UInt64 { group == null ? KeyHash.nullHash : dsh_mix64(words[group]) }
}
