// Hashes of key values: the same in every process, for every batch size and every encoding of a column.

import CDshKernels
import DshColumns

/// The hashing of rows by key columns, for partitions of a shuffle.
public enum KeyHash {
  /// A hash per row; equal keys have equal hashes, where null equals null, NaN equals NaN and -0.0 equals 0.0.
  public static func hashes(of keys: [Column], rowCount: Int) -> [UInt64] {
    if keys.count == 1, KeyWords.isWord(keys[0].type) {
      return KeyWords.withWords(of: keys[0]) { words in
        keys[0].nullCount == 0
          ? (0..<rowCount).map { dsh_mix64(words[$0]) } : (0..<rowCount).map { keys[0].isValid($0) ? dsh_mix64(words[$0]) : nullHash }
      }
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
  public static func partitions(of keys: [Column], rowCount: Int, count: Int) -> HashPartitions {
    if count == 1 { return HashPartitions(1, rowCount: rowCount) { _ in nullHash } }
    let hashes = hashes(of: keys, rowCount: rowCount)
    return HashPartitions(count, rowCount: rowCount) { hashes[$0] }
  }

  static let nullHash: UInt64 = 0
}

extension DataType {
  /// Whether its words are numbers that may lie close together.
  var isWholeNumber: Bool {
    switch self {
    case .int64, .timestamp, .date: true
    default: false
    }
  }
}

/// Fixed-width key values as 64-bit words, so that equal values and only they have equal words.
enum KeyWords {
  static func isWord(_ type: DataType) -> Bool {
    switch type {
    case .int64, .float64, .timestamp, .date, .bool: true
    default: false
    }
  }

  /// Hands on the words of a column, where they lie if they are there already; those of null rows hold anything.
  static func withWords<Result>(of column: Column, _ body: (UnsafeBufferPointer<UInt64>) -> Result) -> Result {
    if case .fixed(let buffer) = column.storage, column.type != .float64, column.type != .date {
      return body(UnsafeBufferPointer(start: buffer.pointer(to: UInt64.self), count: column.count))
    }
    return words(of: column).withUnsafeBufferPointer(body)
  }

  /// The words as an array.
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
    guard type != .bool, let width = type.fixedWidthBytes else {
      let builder = ColumnBuilder(type: type, rows: words.count)
      for (index, word) in words.enumerated() { if index == null { builder.appendNull() } else { builder.append(bool: word != 0) } }
      return builder.finish()
    }
    let values = MutableBuffer(capacity: words.count * width)
    values.byteCount = words.count * width
    if width == 8 {
      if let base = words.baseAddress { values.pointer(to: UInt64.self).update(from: base, count: words.count) }
    } else {
      let output = values.pointer(to: Int32.self)
      for index in 0..<words.count { output[index] = Int32(truncatingIfNeeded: Int64(bitPattern: words[index])) }
    }
    let validity = null.map { null in
      Bitmap.make(count: words.count) { null &>> 6 == $0 ? ~(1 &<< UInt64(null & 63)) : ~0 }
    }
    return Column(type: type, count: words.count, validity: validity, storage: .fixed(values.freeze()))
  }
}
