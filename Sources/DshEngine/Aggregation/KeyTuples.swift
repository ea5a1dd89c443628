// Several key values of fixed width as words that lie together.

import CDshKernels
import DshColumns

/// The keys of a batch, row by row: a word for each key, and a last one with a bit for each that is null, whose word is zero then.
struct KeyTuples {
  let words: MutableBuffer
  /// The words of one row.
  let width: Int

  /// More keys have no bit left.
  private static let largestKeyCount = 63

  static func areTuples(_ types: [DataType]) -> Bool {
    2...largestKeyCount ~= types.count && types.allSatisfy { KeyWords.isWord($0) }
  }

  init(_ columns: [Column], rowCount: Int) {
    width = columns.count + 1
    words = MutableBuffer(capacity: rowCount * width * 8)
    words.byteCount = rowCount * width * 8
    let output = words.pointer(to: UInt64.self)
    for row in 0..<rowCount { output[row &* width &+ columns.count] = 0 }
    for (index, column) in columns.enumerated() {
      KeyWords.withWords(of: column) { values in
        guard let validity = column.validity, column.nullCount > 0 else {
          for row in 0..<rowCount { output[row &* width &+ index] = values[row] }
          return
        }
        for row in 0..<rowCount {
          output[row &* width &+ index] = validity[row] ? values[row] : 0
          if !validity[row] { output[row &* width &+ columns.count] |= 1 &<< UInt64(index) }
        }
      }
    }
  }

  func hashes(rowCount: Int) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: rowCount) { output, written in
      if let base = output.baseAddress { dsh_hash_tuples(words.pointer(to: UInt64.self), width, rowCount, base) }
      written = rowCount
    }
  }

  /// The columns of keys that lie so.
  static func columns(_ types: [DataType], words: UnsafePointer<UInt64>, count: Int) -> [Column] {
    let width = types.count + 1
    return types.enumerated().map { index, type in
      let values = [UInt64](unsafeUninitializedCapacity: count) { output, written in
        for key in 0..<count { output[key] = words[key &* width &+ index] }
        written = count
      }
      let nulls = (0..<count).contains { words[$0 &* width &+ types.count] &>> UInt64(index) & 1 != 0 }
      let column = values.withUnsafeBufferPointer { KeyWords.column($0, type: type, nullAt: nil) }
      guard nulls else { return column }
      return column.gather(
        RowIndexes(
          (0..<count).lazy.map { words[$0 &* width &+ types.count] &>> UInt64(index) & 1 != 0 ? -1 : Int32(truncatingIfNeeded: $0) }))
    }
  }
}
