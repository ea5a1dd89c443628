// Numbers the distinct keys of the rows it is shown: 0 for the first key seen, 1 for the next, and so on.

import CDshKernels
import DshColumns

/// Open-addressing tables over the keys of rows; which kind depends on the key types alone.
final class GroupTable {
  private enum Keys {
    /// No keys: one group, present from the start.
    case none
    /// One key of fixed width.
    case words(WordGroups)
    /// Several keys of fixed width: the words of the groups.
    case tuples(GroupArray<UInt64>)
    /// Anything else: encoded keys and where each ends.
    case bytes(MutableBuffer, ends: GroupArray<UInt64>)
  }

  private let types: [DataType]
  private var keys: Keys
  private var slots: GroupArray<dsh_group_slot>
  private(set) var groupCount = 0
  /// The groups of the codes of the batch before.
  private var known: KnownCodes?

  init(types: [DataType]) {
    self.types = types
    slots = GroupArray(initial: dsh_group_slot(key: 0, group: 0, unused: 0))
    slots.grow(to: 1024)
    if types.isEmpty {
      keys = .none
      groupCount = 1
    } else if types.count == 1, KeyWords.isWord(types[0]) {
      keys = .words(WordGroups(type: types[0]))
    } else if KeyTuples.areTuples(types) {
      keys = .tuples(GroupArray(initial: 0))
    } else {
      let ends = GroupArray<UInt64>(initial: 0)
      ends.grow(to: 1)
      keys = .bytes(MutableBuffer(capacity: 1024), ends: ends)
    }
  }

  var sizeBytes: Int {
    switch keys {
    case .none: 0
    case .words(let groups): groups.sizeBytes
    case .tuples(let words): slots.sizeBytes + words.sizeBytes
    case .bytes(let bytes, let ends): slots.sizeBytes + bytes.capacity + ends.sizeBytes
    }
  }

  /// The bytes of encoded keys; 0 if keys are words.
  var keyBytes: Int { if case .bytes(let bytes, _) = keys { bytes.byteCount } else { 0 } }

  /// Writes the group of every row; nil if there are no keys, so that all rows are of group 0.
  func groups(of columns: [Column], rowCount: Int) -> [UInt32]? {
    switch keys {
    case .none: return nil
    case .words(let words):
      let groups = words.groups(of: columns[0])
      groupCount = words.count
      return groups
    case .tuples, .bytes: return groupsOfCodes(columns, rowCount) ?? groupsOfRows(columns, rowCount)
    }
  }

  /// Whether the keys came in ascending order so far, so that no row was looked up. False if nobody knows.
  var isAscending: Bool { if case .words(let words) = keys { words.isAscending } else { false } }

  /// Whether the groups are in ascending order of their keys, nulls last. False if nobody knows.
  var isInOrder: Bool { if case .words(let words) = keys { words.isInOrder } else { false } }

  // MARK: Any keys

  private func groupsOfRows(_ columns: [Column], _ rowCount: Int) -> [UInt32] {
    switch keys {
    case .tuples(let known): groupsOfTuples(KeyTuples(columns, rowCount: rowCount), rowCount, known)
    case .bytes(let bytes, let ends): groupsOfBytes(KeyRows(columns, rowCount: rowCount), rowCount, bytes, ends)
    case .none, .words: []
    }
  }

  private func groupsOfTuples(_ tuples: KeyTuples, _ rowCount: Int, _ known: GroupArray<UInt64>) -> [UInt32] {
    known.reserve((groupCount + rowCount) * tuples.width)
    let words = tuples.words.pointer(to: UInt64.self)
    defer { known.accept(count: groupCount * tuples.width) }
    makeRoom(for: rowCount, rehash: dsh_group_rehash_bytes)
    return [UInt32](unsafeUninitializedCapacity: rowCount) { output, written in
      var count = UInt32(truncatingIfNeeded: groupCount)
      if let base = output.baseAddress {
        dsh_group_tuples(slots.pointer, UInt64(slots.count - 1), words, tuples.width, rowCount, base, known.pointer, &count)
      }
      written = rowCount
      groupCount = Int(count)
    }
  }

  private func groupsOfBytes(_ rows: KeyRows, _ rowCount: Int, _ keyBytes: MutableBuffer, _ ends: GroupArray<UInt64>) -> [UInt32] {
    makeRoom(for: rowCount, rehash: dsh_group_rehash_bytes)
    keyBytes.reserve(rows.bytes.byteCount)
    ends.reserve(groupCount + rowCount + 1)
    return [UInt32](unsafeUninitializedCapacity: rowCount) { output, written in
      var count = UInt32(truncatingIfNeeded: groupCount)
      if let base = output.baseAddress {
        dsh_group_bytes(
          slots.pointer, UInt64(slots.count - 1), rows.bytes.pointer(to: UInt8.self), rows.offsets, rowCount, base,
          keyBytes.pointer(to: UInt8.self), ends.pointer, &count)
      }
      written = rowCount
      groupCount = Int(count)
      ends.accept(count: groupCount + 1)
      keyBytes.byteCount = Int(ends[groupCount])
    }
  }

  private func makeRoom(
    for extra: Int, rehash: (UnsafePointer<dsh_group_slot>?, Int, UnsafeMutablePointer<dsh_group_slot>?, UInt64) -> Void
  ) {
    var wanted = slots.count
    while wanted < (groupCount + extra) * WordGroups.slotsPerKey { wanted *= 2 }
    if wanted == slots.count { return }
    let larger = GroupArray(initial: dsh_group_slot(key: 0, group: 0, unused: 0))
    larger.grow(to: wanted)
    rehash(slots.pointer, slots.count, larger.pointer, UInt64(wanted - 1))
    slots = larger
  }

  // MARK: Dictionary keys

  /// Rows of dictionary and bool columns by their combined codes: only the first row of each combination is looked up. Nil if a
  /// column is of another kind or there are more combinations than rows.
  private func groupsOfCodes(_ columns: [Column], _ rowCount: Int) -> [UInt32]? {
    // Batches that follow one another have the same dictionaries most of the time.
    if !(known?.isOf(columns) ?? false) {
      known = KnownCodes(columns, limit: max(rowCount, 256))
      if known == nil { return nil }
    }
    let codes = [UInt32](unsafeUninitializedCapacity: rowCount) { output, written in
      written = rowCount
      if let base = output.baseAddress {
        for (place, column) in columns.enumerated() { Self.combine(column, into: base, isFirst: place == 0) }
      }
    }
    if let groups = known?.groups(of: codes) { return groups }
    learnGroups(of: columns, codes)
    return known?.groups(of: codes)
  }

  /// Looks the first row of each combination up that was not met before.
  private func learnGroups(of columns: [Column], _ codes: [UInt32]) {
    guard var groupOfCode = known?.groups else { return }
    var firstRows: [Int32] = []
    for (row, code) in codes.enumerated() where groupOfCode[Int(code)] == KnownCodes.unknown {
      // Anything but unknown, until it has its group.
      groupOfCode[Int(code)] = 0
      firstRows.append(Int32(truncatingIfNeeded: row))
    }
    let first = RowIndexes(firstRows)
    let groups = groupsOfRows(columns.map { $0.gather(first) }, first.count)
    for (row, group) in zip(firstRows, groups) { groupOfCode[Int(codes[Int(row)])] = group }
    known?.groups = groupOfCode
  }

  /// Appends a column's code to the code of each row, or begins it; null has a code of its own.
  private static func combine(_ column: Column, into codes: UnsafeMutablePointer<UInt32>, isFirst: Bool) {
    switch column.storage {
    case .dictionary(let buffer, let entryCount, _, _):
      let code = DictionaryCodes(buffer, entryCount: entryCount)
      let size = UInt32(entryCount + 1)
      if let validity = column.validity {
        for row in 0..<column.count {
          codes[row] = (isFirst ? 0 : codes[row] &* size) &+ (validity[row] ? UInt32(truncatingIfNeeded: code[row]) : size &- 1)
        }
      } else if isFirst {
        for row in 0..<column.count { codes[row] = UInt32(truncatingIfNeeded: code[row]) }
      } else {
        for row in 0..<column.count { codes[row] = codes[row] &* size &+ UInt32(truncatingIfNeeded: code[row]) }
      }
    case .bits(let buffer):
      let bits = Bitmap(buffer: buffer, count: column.count)
      for row in 0..<column.count {
        codes[row] = (isFirst ? 0 : codes[row] &* 3) &+ (column.isValid(row) ? (bits[row] ? 1 : 0) : 2)
      }
    default: break
    }
  }

  // MARK: What was found

  /// The keys of all groups, by group number.
  func keyColumns() -> [Column] {
    switch keys {
    case .none: return []
    case .words(let words): return [words.keys]
    case .tuples(let words): return KeyTuples.columns(types, words: words.pointer, count: groupCount)
    case .bytes(let bytes, let ends):
      return KeyRows.columns(types, bytes: bytes.pointer(to: UInt8.self), ends: ends.pointer, count: groupCount)
    }
  }

  /// The rows of each partition by the hash of the keys, in order, of a row for each group and then of further rows, whose groups are given.
  func partitions(_ count: Int, furtherGroups: [Int] = []) -> HashPartitions {
    let hashes = self.hashes
    return HashPartitions(count, rowCount: groupCount + furtherGroups.count) { row in
      hashes[row < groupCount ? row : furtherGroups[row - groupCount]]
    }
  }

  /// The hash of each group's key, the same as `KeyHash.hashes` gives for the rows.
  private var hashes: [UInt64] {
    switch keys {
    case .none: return [KeyHash.nullHash]
    case .words(let words): return (0..<groupCount).map { words.hash(ofGroup: $0) }
    case .tuples(let words):
      return [UInt64](unsafeUninitializedCapacity: groupCount) { output, written in
        if let base = output.baseAddress { dsh_hash_tuples(words.pointer, types.count + 1, groupCount, base) }
        written = groupCount
      }
    case .bytes(let bytes, let ends):
      let first = UnsafePointer(bytes.pointer(to: UInt8.self))
      return (0..<groupCount).map { dsh_hash_bytes(first + Int(ends[$0]), Int(ends[$0 + 1] - ends[$0])) }
    }
  }
}
