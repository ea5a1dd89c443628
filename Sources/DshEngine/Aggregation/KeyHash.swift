// Hashes of key values: the same in every process, for every batch size and every encoding of a column.

import CDshKernels
import DshColumns

/// The hashing of rows by key columns, for partitions of a shuffle.
public enum KeyHash {
  /// A hash per row; equal keys have equal hashes, where null equals null, NaN equals NaN and -0.0 equals 0.0.
  public static func hashes(of keys: [Column], rowCount: Int) -> [UInt64] {
    if keys.count == 1, KeyWords.isWord(keys[0].type) {
      let words = KeyWords.words(of: keys[0])
      return (0..<rowCount).map { keys[0].isValid($0) ? dsh_mix64(words[$0]) : nullHash }
    }
    if KeyTuples.areTuples(keys.map(\.type)) { return KeyTuples(keys, rowCount: rowCount).hashes(rowCount: rowCount) }
    let rows = KeyRows(keys, rowCount: rowCount)
    return (0..<rowCount).map { rows.hash($0) }
  }

  /// The partition of a hash: its top bits scaled to the number of partitions.
  @inline(__always) public static func partition(of hash: UInt64, count: Int) -> Int {
    Int(((hash &>> 32) &* UInt64(truncatingIfNeeded: count)) &>> 32)
  }

  /// The rows of each partition, in order.
  public static func partitions(of keys: [Column], rowCount: Int, count: Int) -> [RowIndexes] {
    if count == 1 { return [RowIndexes(0..<Int32(truncatingIfNeeded: rowCount))] }
    var rows = [MutableBuffer]()
    for _ in 0..<count { rows.append(MutableBuffer(capacity: 256)) }
    for (row, hash) in hashes(of: keys, rowCount: rowCount).enumerated() {
      rows[partition(of: hash, count: count)].append(Int32(truncatingIfNeeded: row))
    }
    return rows.map { RowIndexes(buffer: $0.freeze(), count: $0.byteCount / 4) }
  }

  static let nullHash: UInt64 = 0
}

/// Fixed-width key values as 64-bit words, so that equal values and only they have equal words.
enum KeyWords {
  static func isWord(_ type: DataType) -> Bool {
    switch type {
    case .int64, .float64, .timestamp, .date, .bool: true
    default: false
    }
  }

  /// The words of a column; those of null rows hold anything.
  static func words(of column: Column) -> [UInt64] {
    let count = column.count
    return [UInt64](unsafeUninitializedCapacity: count) { output, written in
      written = count
      switch column.storage {
      case .fixed(let buffer):
        switch column.type {
        case .float64:
          let values = buffer.pointer(to: Double.self)
          for row in 0..<count { output[row] = word(of: values[row]) }
        case .date:
          let values = buffer.pointer(to: Int32.self)
          for row in 0..<count { output[row] = UInt64(bitPattern: Int64(values[row])) }
        default:
          let values = buffer.pointer(to: UInt64.self)
          for row in 0..<count { output[row] = values[row] }
        }
      case .bits(let buffer):
        let bits = Bitmap(buffer: buffer, count: count)
        for row in 0..<count { output[row] = bits[row] ? 1 : 0 }
      default: for row in 0..<count { output[row] = 0 }
      }
    }
  }

  /// One bit pattern for all NaN and one for both zeros.
  @inline(__always) static func word(of value: Double) -> UInt64 { value.isNaN ? Double.nan.bitPattern : (value + 0.0).bitPattern }

  /// The column of words made by `words(of:)`.
  static func column(_ words: UnsafeBufferPointer<UInt64>, type: DataType, nullAt null: Int?) -> Column {
    let builder = ColumnBuilder(type: type, rows: words.count)
    for (index, word) in words.enumerated() {
      if index == null {
        builder.appendNull()
        continue
      }
      switch type {
      case .float64: builder.append(float64: Double(bitPattern: word))
      case .date: builder.append(date: Int32(truncatingIfNeeded: Int64(bitPattern: word)))
      case .bool: builder.append(bool: word != 0)
      default: builder.append(int64: Int64(bitPattern: word))
      }
    }
    return builder.finish()
  }
}
