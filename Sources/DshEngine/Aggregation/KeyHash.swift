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
    switch fixedLayout {
    case .float32, .float64, .int128, nil: false
    default: true
    }
  }
}

/// Fixed-width key values as 64-bit words, so that equal values and only they have equal words.
enum KeyWords {
  static func isWord(_ type: DataType) -> Bool {
    type == .bool || (type.fixedWidthBytes.map { $0 <= 8 } ?? false)
  }

  /// Hands on the words of a column, where they lie if they are there already; those of null rows hold anything.
  static func withWords<Result>(of column: Column, _ body: (UnsafeBufferPointer<UInt64>) -> Result) -> Result {
    if case .fixed(let buffer) = column.storage, column.type.fixedLayout == .int64 || column.type.fixedLayout == .uint64 {
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
        guard let base = output.baseAddress else { break }
        switch column.type.fixedLayout {
        case .float64:
          let values = buffer.pointer(to: Double.self)
          for row in 0..<count { base[row] = word(of: values[row]) }
        case .float32:
          let values = buffer.pointer(to: Float.self)
          for row in 0..<count { base[row] = word(of: Double(values[row])) }
        case .int8: widen(buffer.pointer(to: Int8.self), count, base)
        case .int16: widen(buffer.pointer(to: Int16.self), count, base)
        case .int32: widen(buffer.pointer(to: Int32.self), count, base)
        case .uint8: widen(buffer.pointer(to: UInt8.self), count, base)
        case .uint16: widen(buffer.pointer(to: UInt16.self), count, base)
        case .uint32: widen(buffer.pointer(to: UInt32.self), count, base)
        default: widen(buffer.pointer(to: UInt64.self), count, base)
        }
      case .bits(let buffer):
        let bits = Bitmap(buffer: buffer, count: count)
        for row in 0..<count { output[row] = bits[row] ? 1 : 0 }
      default: for row in 0..<count { output[row] = 0 }
      }
    }
  }

  @inline(__always)
  private static func widen<Number: FixedWidthInteger>(
    _ values: UnsafePointer<Number>, _ count: Int, _ output: UnsafeMutablePointer<UInt64>
  ) {
    for row in 0..<count { output[row] = UInt64(truncatingIfNeeded: values[row]) }
  }

  /// One bit pattern for all NaN and one for both zeros.
  @inline(__always) static func word(of value: Double) -> UInt64 { value.isNaN ? Double.nan.bitPattern : (value + 0.0).bitPattern }

  @inline(__always)
  private static func narrow<Number: FixedWidthInteger>(
    _ words: UnsafePointer<UInt64>, _ count: Int, _ output: UnsafeMutablePointer<Number>
  ) {
    for index in 0..<count { output[index] = Number(truncatingIfNeeded: words[index]) }
  }

  /// The column of words made by `words(of:)`.
  static func column(_ words: UnsafeBufferPointer<UInt64>, type: DataType, nullAt null: Int?) -> Column {
    guard type != .bool, let width = type.fixedWidthBytes else {
      let builder = ColumnBuilder(type: type, rows: words.count)
      for (index, word) in words.enumerated() { if index == null { builder.appendNull() } else { builder.append(bool: word != 0) } }
      return builder.finish()
    }
    let values = MutableBuffer(capacity: words.count * width)
    values.byteCount = words.count * width
    if type == .narrow(.float32) {
      let output = values.pointer(to: Float.self)
      for index in 0..<words.count { output[index] = Float(Double(bitPattern: words[index])) }
    } else if let base = words.baseAddress {
      switch width {
      case 1: narrow(base, words.count, values.pointer(to: UInt8.self))
      case 2: narrow(base, words.count, values.pointer(to: UInt16.self))
      case 4: narrow(base, words.count, values.pointer(to: UInt32.self))
      default: values.pointer(to: UInt64.self).update(from: base, count: words.count)
      }
    }
    let validity = null.map { null in
      Bitmap.make(count: words.count) { null &>> 6 == $0 ? ~(1 &<< UInt64(null & 63)) : ~0 }
    }
    return Column(type: type, count: words.count, validity: validity, storage: .fixed(values.freeze()))
  }
}
