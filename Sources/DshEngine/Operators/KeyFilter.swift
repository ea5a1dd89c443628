// Which words are values of a key of hash tables, as a bit for each word between the least and the greatest: what a join asks before it looks anything up.

import CDshKernels
import DshColumns

/// The exact set of keys that lie close together. A task makes it of the tables that it reads.
struct KeyFilter {
  private let least: Int64
  private let bits: MutableBuffer
  private let bitCount: Int

  /// More keys take longer to note, for every task, than to look up.
  private static let largestKeyCount = 1 << 19
  /// More bits (1 MiB) do not stay in the cache of a processor.
  private static let largestBitCount = 1 << 23

  /// Nil if there are too many keys, or if they lie too far apart.
  ///
  /// - Parameter tables: the key in each of the tables, without nulls.
  init?(_ tables: [Column]) {
    guard !tables.isEmpty, tables.reduce(0, { $0 + $1.count }) <= Self.largestKeyCount else { return nil }
    var least = Int64.max
    var greatest = Int64.min
    for table in tables { KeyWords.withWords(of: table) { dsh_word_bounds($0.baseAddress, $0.count, &least, &greatest) } }
    let (distance, overflow) = greatest.subtractingReportingOverflow(least)
    guard !overflow, 0..<Int64(Self.largestBitCount) ~= distance else { return nil }
    self.least = least
    bitCount = Int(distance) + 1
    bits = MutableBuffer(capacity: (bitCount + 63) / 64 * 8)
    bits.appendZeros((bitCount + 63) / 64 * 8)
    // Every word of the tables lies between the bounds.
    for table in tables {
      KeyWords.withWords(of: table) { dsh_note_words(bits.pointer(to: UInt64.self), least, $0.baseAddress, $0.count) }
    }
  }

  /// The rows whose key is one of the tables.
  func rows(of column: Column, present: Bitmap?) -> Bitmap {
    let words = MutableBuffer(capacity: (column.count + 63) / 64 * 8)
    words.byteCount = (column.count + 63) / 64 * 8
    KeyWords.withWords(of: column) { keys in
      dsh_find_words(
        bits.pointer(to: UInt64.self), least, UInt64(bitCount), keys.baseAddress, keys.count, words.pointer(to: UInt64.self))
    }
    let found = Bitmap(buffer: words.freeze(), count: column.count)
    return intersection(found, present) ?? found
  }
}
