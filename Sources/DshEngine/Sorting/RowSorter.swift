// Stable sorting of row numbers by columns: by the leading bits of words that keep the order of the values.

import DshColumns
import DshPlan

/// The rows in sorted order; equal rows keep their order, nulls come last in both directions, NaN after every number
/// ascending and before every number descending, text goes by its UTF-8 bytes.
public func sortIndexes(_ columns: [Column], keys: [SortColumn], rowCount: Int) -> RowIndexes {
  var sorter = RowSorter(columns: columns, keys: keys, rowCount: rowCount)
  return sorter.sorted()
}

/// A row and the word it is ordered by at the moment.
private struct SortPair: BitwiseCopyable {
  var word: UInt64
  var row: Int32
}

private struct RowSorter {
  private let columns: [Column]
  private let keys: [SortColumn]
  private let rowCount: Int
  private let pairs: UnsafeMutablePointer<SortPair>
  private let scratch: UnsafeMutablePointer<SortPair>
  /// The counters of each depth of sorting by bits.
  private let counts: UnsafeMutablePointer<UInt32>
  private let storage: MutableBuffer

  /// The most bits of words that are told apart at a time: their counters fit into the fastest cache.
  private static let largestDigitBits = 11
  /// Words have 64 bits, and each depth but the last takes as many as it can, at least `smallestDigitBits`.
  private static let depthLimit = 64 / smallestDigitBits + 1
  private static let smallestDigitBits = 5

  /// Text is ordered by this many bytes at a time; the lowest byte of a word says how many of them the text has.
  private static let textStepBytes = 7
  /// After so many steps the rest of equal beginnings is compared whole, so that depth does not follow the length of texts.
  private static let textStepLimit = 16
  /// Below this count insertion is faster than counting.
  private static let insertionLimit = 32

  init(columns: [Column], keys: [SortColumn], rowCount: Int) {
    self.columns = columns
    self.keys = keys
    self.rowCount = rowCount
    let pairByteCount = rowCount * MemoryLayout<SortPair>.stride
    storage = MutableBuffer(capacity: 2 * pairByteCount + Self.depthLimit * (1 << Self.largestDigitBits) * 4)
    pairs = storage.pointer(to: SortPair.self)
    scratch = pairs + rowCount
    counts = (storage.start + 2 * pairByteCount).assumingMemoryBound(to: UInt32.self)
    for row in 0..<rowCount { pairs[row] = SortPair(word: 0, row: Int32(truncatingIfNeeded: row)) }
  }

  mutating func sorted() -> RowIndexes {
    sort(0..<rowCount, key: 0, step: 0)
    let result = MutableBuffer(capacity: rowCount * 4)
    let output = result.pointer(to: Int32.self)
    for index in 0..<rowCount { output[index] = pairs[index].row }
    result.byteCount = rowCount * 4
    return withExtendedLifetime(storage) { RowIndexes(buffer: result.freeze(), count: rowCount) }
  }

  /// Sorts a range of the pairs, equal in all keys before `key` and in the first steps of that key's text.
  private func sort(_ range: Range<Int>, key: Int, step: Int) {
    guard range.count > 1, key < keys.count else { return }
    let column = columns[keys[key].index]
    var values = range
    if step == 0 && (column.validity != nil || column.type == .null) {
      let firstNull = moveNullsBack(range, column)
      values = range.lowerBound..<firstNull
      sort(firstNull..<range.upperBound, key: key + 1, step: 0)
    }
    guard values.count > 1 else { return }
    let turned: UInt64 = keys[key].descending ? ~0 : 0
    switch column.storage {
    case .fixed where column.type.fixedLayout == .int128: sortByComparing(values, key: key)
    case .fixed, .bits:
      fillFixed(values, column, turned)
      sortWords(values)
      sortRuns(values) { _, run in sort(run, key: key + 1, step: 0) }
    case .dictionary:
      fillRanks(values, column, turned)
      sortWords(values)
      sortRuns(values) { _, run in sort(run, key: key + 1, step: 0) }
    case .text where step < Self.textStepLimit:
      fillText(values, TextArgument(column), step: step, turned)
      sortWords(values)
      sortRuns(values) { word, run in
        let hasMore = (word ^ turned) & 0xFF > UInt64(Self.textStepBytes)
        sort(run, key: hasMore ? key : key + 1, step: hasMore ? step + 1 : 0)
      }
    default: sortByComparing(values, key: key)
    }
  }

  /// Calls `body` for every run of more than one equal word.
  @inline(__always) private func sortRuns(_ range: Range<Int>, _ body: (UInt64, Range<Int>) -> Void) {
    var start = range.lowerBound
    while start < range.upperBound {
      let word = pairs[start].word
      var end = start &+ 1
      while end < range.upperBound && pairs[end].word == word { end &+= 1 }
      if end &- start > 1 { body(word, start..<end) }
      start = end
    }
  }

  private func moveNullsBack(_ range: Range<Int>, _ column: Column) -> Int {
    var kept = range.lowerBound
    var nulls = 0
    for index in range {
      let pair = pairs[index]
      if column.isValid(Int(pair.row)) {
        pairs[kept] = pair
        kept &+= 1
      } else {
        scratch[nulls] = pair
        nulls &+= 1
      }
    }
    (pairs + kept).update(from: scratch, count: nulls)
    return kept
  }

  // MARK: Words

  private func fillFixed(_ range: Range<Int>, _ column: Column, _ turned: UInt64) {
    let flip = turned ^ (1 << 63)
    switch column.storage {
    case .fixed(let buffer):
      switch column.type.fixedLayout {
      case .float64:
        let values = buffer.pointer(to: Double.self)
        for index in range { pairs[index].word = UInt64(bitPattern: OrderWords.word(of: values[Int(pairs[index].row)])) ^ flip }
      case .float32:
        let values = buffer.pointer(to: Float.self)
        for index in range { pairs[index].word = UInt64(bitPattern: OrderWords.word(of: Double(values[Int(pairs[index].row)]))) ^ flip }
      case .int32:
        let values = buffer.pointer(to: Int32.self)
        for index in range { pairs[index].word = UInt64(bitPattern: Int64(values[Int(pairs[index].row)])) ^ flip }
      case .int64:
        let values = buffer.pointer(to: UInt64.self)
        for index in range { pairs[index].word = values[Int(pairs[index].row)] ^ flip }
      case .uint64:
        let values = buffer.pointer(to: UInt64.self)
        for index in range { pairs[index].word = values[Int(pairs[index].row)] ^ turned }
      case let layout:
        let values = FixedValues(buffer, layout ?? .int64)
        for index in range { pairs[index].word = UInt64(bitPattern: values[Int(pairs[index].row)]) ^ flip }
      }
    case .bits(let buffer):
      let bits = Bitmap(buffer: buffer, count: column.count)
      for index in range { pairs[index].word = (bits[Int(pairs[index].row)] ? 1 : 0) ^ turned }
    default: break
    }
  }

  private func fillRanks(_ range: Range<Int>, _ column: Column, _ turned: UInt64) {
    guard case .dictionary(let codes, let entryCount, let offsets, let bytes) = column.storage else { return }
    let entries = TextArgument(Column(type: .string, count: entryCount, validity: nil, storage: .text(offsets: offsets, bytes: bytes)))
    let order = (0..<entryCount).sorted { entries[$0].order(to: entries[$1]) < 0 }
    var ranks = [UInt64](repeating: 0, count: entryCount)
    var rank: UInt64 = 0
    for (place, entry) in order.enumerated() {
      // Equal entries, which a function over a dictionary may make, are one rank.
      if place > 0 && !entries[entry].equals(entries[order[place - 1]]) { rank += 1 }
      ranks[entry] = rank ^ turned
    }
    let code = DictionaryCodes(codes, entryCount: entryCount)
    for index in range { pairs[index].word = ranks[code[Int(pairs[index].row)]] }
  }

  private func fillText(_ range: Range<Int>, _ texts: TextArgument, step: Int, _ turned: UInt64) {
    let start = step * Self.textStepBytes
    for index in range {
      let text = texts[Int(pairs[index].row)]
      let rest = text.count &- start
      var word: UInt64 = 0
      if rest >= 8, let base = text.baseAddress {
        word = UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self).bigEndian & ~0xFF | 8
      } else {
        for position in 0..<Self.textStepBytes { word = word << 8 | (position < rest ? UInt64(text[start &+ position]) : 0) }
        word = word << 8 | UInt64(max(0, rest))
      }
      pairs[index].word = word ^ turned
    }
  }

  // MARK: Sorting

  /// Sorts a range by its words, equal ones in their order.
  private func sortWords(_ range: Range<Int>) { sortWords(pairs + range.lowerBound, range.count, counts) }

  /// Pairs go into buckets by the leading ones of the bits in which their words differ, and each bucket is sorted in turn.
  private func sortWords(_ base: UnsafeMutablePointer<SortPair>, _ count: Int, _ counts: UnsafeMutablePointer<UInt32>) {
    if count < Self.insertionLimit { return insertionSort(base, count) }
    let first = base[0].word
    var different: UInt64 = 0
    var descents = false
    for index in 1..<count {
      let word = base[index].word
      different |= word ^ first
      descents = descents || word < base[index &- 1].word
    }
    guard descents else { return }
    let countBits = Int.bitWidth - count.leadingZeroBitCount
    let bits = max(Self.smallestDigitBits, min(Self.largestDigitBits, countBits))
    let shift = UInt64(max(0, UInt64.bitWidth - different.leadingZeroBitCount - bits))
    let mask: UInt64 = (1 &<< UInt64(bits)) &- 1
    let bucketCount = 1 << bits
    counts.update(repeating: 0, count: bucketCount)
    for index in 0..<count { counts[Int(truncatingIfNeeded: base[index].word &>> shift & mask)] &+= 1 }
    var position: UInt32 = 0
    var largest: UInt32 = 0
    for bucket in 0..<bucketCount {
      let size = counts[bucket]
      counts[bucket] = position
      position &+= size
      largest = max(largest, size)
    }
    for index in 0..<count {
      let pair = base[index]
      let bucket = Int(truncatingIfNeeded: pair.word &>> shift & mask)
      scratch[Int(counts[bucket])] = pair
      counts[bucket] &+= 1
    }
    base.update(from: scratch, count: count)
    if shift == 0 { return }
    // Where all buckets are small, insertion moves a pair within its own alone.
    if largest < Self.insertionLimit { return insertionSort(base, count) }
    var start = 0
    for bucket in 0..<bucketCount {
      let end = Int(counts[bucket])
      if end &- start > 1 { sortWords(base + start, end &- start, counts + (1 << Self.largestDigitBits)) }
      start = end
    }
  }

  private func insertionSort(_ base: UnsafeMutablePointer<SortPair>, _ count: Int) {
    for index in 1..<count {
      let pair = base[index]
      var place = index
      while place > 0 && base[place &- 1].word > pair.word {
        base[place] = base[place &- 1]
        place &-= 1
      }
      base[place] = pair
    }
  }

  /// Sorts a range by whole comparisons of this and all later keys: for nested types and texts with long equal beginnings.
  private func sortByComparing(_ range: Range<Int>, key: Int) {
    let order = KeyOrder(keys: Array(keys[key...]), left: columns, right: columns)
    let rows = range.map { pairs[$0].row }.sorted { a, b in
      let result = order.compare(Int(a), Int(b))
      // Rows of a range are ascending where nothing has told them apart.
      return result == 0 ? a < b : result < 0
    }
    for (index, row) in zip(range, rows) { pairs[index].row = row }
  }
}
