// Keys of any types as bytes, row by row, so that equal keys and only they have equal bytes.

import CDshKernels
import DshColumns

/// The encoded keys of a batch.
///
/// A value is a byte 1 and its bytes: 8 for fixed-width values and bools, 16 for decimals, a 32-bit length and the bytes for text, a 32-bit count and
/// the elements for lists, the members for structures. A null is a byte 0. No encoding is the beginning of another.
struct KeyRows {
  let bytes: MutableBuffer
  /// `rowCount + 1` ascending 64-bit offsets.
  let offsets: [UInt64]

  init(_ columns: [Column], rowCount: Int) {
    var offsets = [UInt64](repeating: 0, count: rowCount + 1)
    for column in columns { Self.addSizes(column, &offsets) }
    var total: UInt64 = 0
    for row in 0..<rowCount {
      let size = offsets[row]
      offsets[row] = total
      total += size
    }
    offsets[rowCount] = total
    let bytes = MutableBuffer(capacity: Int(total))
    bytes.byteCount = Int(total)
    var cursors = offsets
    for column in columns { Self.write(column, to: bytes.start, &cursors) }
    self.bytes = bytes
    self.offsets = offsets
  }

  func hash(_ row: Int) -> UInt64 {
    dsh_hash_bytes(UnsafePointer(bytes.pointer(to: UInt8.self)) + Int(offsets[row]), Int(offsets[row + 1] - offsets[row]))
  }

  // MARK: Columns

  private static func addSizes(_ column: Column, _ sizes: inout [UInt64]) {
    switch column.storage {
    case .none: for row in 0..<column.count { sizes[row] &+= 1 }
    case .fixed, .bits:
      let size = valueBytes(column.type)
      for row in 0..<column.count { sizes[row] &+= column.isValid(row) ? UInt64(size) : 1 }
    case .text, .dictionary:
      let texts = TextArgument(column)
      for row in 0..<column.count { sizes[row] &+= column.isValid(row) ? UInt64(5 &+ texts[row].count) : 1 }
    default: for row in 0..<column.count { sizes[row] &+= UInt64(size(column, row)) }
    }
  }

  /// What a value of fixed width takes, with its first byte.
  private static func valueBytes(_ type: DataType) -> Int { type.fixedLayout == .int128 ? 17 : 9 }

  private static func write(_ column: Column, to base: UnsafeMutableRawPointer, _ cursors: inout [UInt64]) {
    switch column.storage {
    case .fixed(let buffer) where column.type.fixedLayout == .int128:
      let values = buffer.pointer(to: Int128.self)
      for row in 0..<column.count {
        let place = base + Int(cursors[row])
        place.storeBytes(of: column.isValid(row) ? 1 : 0, as: UInt8.self)
        if column.isValid(row) { (place + 1).storeBytes(of: values[row], as: Int128.self) }
        cursors[row] &+= column.isValid(row) ? 17 : 1
      }
    case .fixed, .bits:
      let words = KeyWords.words(of: column)
      for row in 0..<column.count {
        let place = base + Int(cursors[row])
        if column.isValid(row) {
          place.storeBytes(of: 1, as: UInt8.self)
          (place + 1).storeBytes(of: words[row], as: UInt64.self)
          cursors[row] &+= 9
        } else {
          place.storeBytes(of: 0, as: UInt8.self)
          cursors[row] &+= 1
        }
      }
    case .text, .dictionary:
      let texts = TextArgument(column)
      for row in 0..<column.count {
        cursors[row] &+= UInt64(writeText(column.isValid(row) ? texts[row] : nil, to: base + Int(cursors[row])))
      }
    default: for row in 0..<column.count { cursors[row] &+= UInt64(write(column, row, to: base + Int(cursors[row]))) }
    }
  }

  @inline(__always) private static func writeText(_ text: TextSlice?, to place: UnsafeMutableRawPointer) -> Int {
    guard let text else {
      place.storeBytes(of: 0, as: UInt8.self)
      return 1
    }
    place.storeBytes(of: 1, as: UInt8.self)
    (place + 1).storeBytes(of: UInt32(truncatingIfNeeded: text.count), as: UInt32.self)
    if let base = text.baseAddress { (place + 5).copyMemory(from: base, byteCount: text.count) }
    return 5 &+ text.count
  }

  // MARK: Single values, for nested types

  private static func size(_ column: Column, _ row: Int) -> Int {
    guard column.isValid(row) else { return 1 }
    switch column.storage {
    case .none: return 1
    case .fixed, .bits: return valueBytes(column.type)
    case .text, .dictionary: return 5 + TextArgument(column)[row].count
    case .list(_, let elements): return ListArgument(Operand(column))[row].reduce(5) { $0 + size(elements, $1) }
    case .structure(let members): return members.reduce(1) { $0 + size($1, row) }
    }
  }

  private static func write(_ column: Column, _ row: Int, to place: UnsafeMutableRawPointer) -> Int {
    guard column.isValid(row) else { return writeText(nil, to: place) }
    switch column.storage {
    case .none: return writeText(nil, to: place)
    case .fixed(let buffer) where column.type.fixedLayout == .int128:
      place.storeBytes(of: 1, as: UInt8.self)
      (place + 1).storeBytes(of: buffer.pointer(to: Int128.self)[row], as: Int128.self)
      return 17
    case .fixed, .bits:
      place.storeBytes(of: 1, as: UInt8.self)
      (place + 1).storeBytes(of: KeyWords.words(of: column.slice(from: row, count: 1))[0], as: UInt64.self)
      return 9
    case .text, .dictionary: return writeText(TextArgument(column)[row], to: place)
    case .list(_, let elements):
      let range = ListArgument(Operand(column))[row]
      place.storeBytes(of: 1, as: UInt8.self)
      (place + 1).storeBytes(of: UInt32(truncatingIfNeeded: range.count), as: UInt32.self)
      return range.reduce(5) { $0 + write(elements, $1, to: place + $0) }
    case .structure(let members):
      place.storeBytes(of: 1, as: UInt8.self)
      return members.reduce(1) { $0 + write($1, row, to: place + $0) }
    }
  }

  // MARK: Back to columns

  /// The columns of encoded keys; `ends` are `count + 1` offsets into the bytes.
  static func columns(_ types: [DataType], bytes: UnsafePointer<UInt8>, ends: UnsafePointer<UInt64>, count: Int) -> [Column] {
    var cursors = Array(UnsafeBufferPointer(start: ends, count: count))
    return types.map { type in
      let builder = ColumnBuilder(type: type, rows: count)
      for key in 0..<count { cursors[key] &+= UInt64(read(type, UnsafeRawPointer(bytes) + Int(cursors[key]), into: builder)) }
      return builder.finish()
    }
  }

  /// Appends one encoded value and gives its size.
  private static func read(_ type: DataType, _ place: UnsafeRawPointer, into builder: ColumnBuilder) -> Int {
    guard place.load(as: UInt8.self) == 1 else {
      builder.appendNull()
      return 1
    }
    switch type {
    case .string, .binary:
      let length = Int((place + 1).loadUnaligned(as: UInt32.self))
      builder.append(text: place + 5, byteCount: length)
      return 5 + length
    case .list, .structure, .map:
      let (value, size) = value(type, place)
      builder.append(value)
      return size
    case .bool: builder.append(bool: (place + 1).loadUnaligned(as: UInt64.self) != 0)
    case .null: builder.appendNull()
    case .decimal: builder.append(int128: (place + 1).loadUnaligned(as: Int128.self))
    case .float64: builder.append(float64: Double(bitPattern: (place + 1).loadUnaligned(as: UInt64.self)))
    case .narrow(.float32): builder.appendExact(Float(Double(bitPattern: (place + 1).loadUnaligned(as: UInt64.self))))
    case .uint64: builder.appendExact((place + 1).loadUnaligned(as: UInt64.self))
    case .int64, .timestamp, .date, .time, .duration, .instant, .narrow:
      builder.append(integer: (place + 1).loadUnaligned(as: Int64.self))
    }
    return valueBytes(type)
  }

  private static func value(_ type: DataType, _ place: UnsafeRawPointer) -> (Value, size: Int) {
    guard place.load(as: UInt8.self) == 1 else { return (.null, 1) }
    switch type {
    case .list, .map:
      let element = type.member ?? .null
      var size = 5
      let members = (0..<Int((place + 1).loadUnaligned(as: UInt32.self))).map { _ in
        let (member, memberSize) = value(element, place + size)
        size += memberSize
        return member
      }
      if case .map(let key, let value) = type { return (.map(key, value, members), size) }
      return (.list(members), size)
    case .structure(let fields):
      var size = 1
      let members = fields.map { field in
        let (member, memberSize) = value(field.type, place + size)
        size += memberSize
        return member
      }
      return (.structure(fields, members), size)
    default:
      let builder = ColumnBuilder(type: type)
      let size = read(type, place, into: builder)
      return (builder.finish().value(at: 0), size)
    }
  }
}
