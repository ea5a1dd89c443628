// One column of a batch in Arrow's memory layout.

/// An immutable column: a type, a validity map and value buffers.
public struct Column: Sendable {
  /// The value buffers, one layout per kind of storage.
  public enum Storage: Sendable {
    /// Type `null`: nothing is stored.
    case none
    /// `bool`: one bit a row.
    case bits(Buffer)
    /// Values of `DataType.fixedLayout`, one behind another.
    case fixed(Buffer)
    /// `string` and `binary`: count + 1 ascending 32-bit offsets into the bytes; the first may be above zero.
    case text(offsets: Buffer, bytes: Buffer)
    /// `string` with few distinct values: a code for each row (`DictionaryCodes`) names an entry of a small table laid out like `text`.
    case dictionary(codes: Buffer, entryCount: Int, offsets: Buffer, bytes: Buffer)
    /// `list` and `map`: count + 1 ascending 32-bit offsets into the elements.
    indirect case list(offsets: Buffer, elements: Column)
    /// `struct`: a column per field, each as long as the whole.
    case structure([Column])
  }

  /// The most entries that a dictionary column can have: a table of them, whatever is in it, stays in a cache.
  public static let dictionaryLimit = 4096

  public let type: DataType
  public let count: Int
  /// Set bits mark values, clear bits nulls; nil if there is no null.
  public let validity: Bitmap?
  public let storage: Storage

  /// Whoever makes a column vouches that its buffers hold so many rows, and that offsets and codes stay inside; debug builds look at the lengths.
  @inlinable public init(type: DataType, count: Int, validity: Bitmap?, storage: Storage) {
    self.type = type
    self.count = count
    self.validity = validity
    self.storage = storage
    assert(hasRoom, "buffers for \(count) rows of type \(type.name)")
  }

  /// Whether the buffers are as long as so many rows need.
  @usableFromInline var hasRoom: Bool {
    if count < 0 || validity.map({ $0.count < count }) ?? false { return false }
    switch storage {
    case .none: return true
    case .bits(let values): return values.byteCount >= Bitmap.byteCount(for: count)
    case .fixed(let values): return values.byteCount >= count * (type.fixedWidthBytes ?? 8)
    case .text(let offsets, _), .list(let offsets, _): return offsets.byteCount >= (count + 1) * 4
    case .dictionary(let codes, let entryCount, let offsets, _):
      return codes.byteCount >= count * Column.codeWidth(entryCount: entryCount) && offsets.byteCount >= (entryCount + 1) * 4
    case .structure(let columns): return columns.allSatisfy { $0.count >= count }
    }
  }

  /// Whether a row holds a value. It is a row of the column, which only debug builds check.
  @unsafe @inlinable public func isValid(_ row: Int) -> Bool {
    if case .null = type { return false }
    return unsafe validity?[row] ?? true
  }

  /// How many rows are null.
  public var nullCount: Int {
    if type == .null { return count }
    return validity.map { count - $0.setCount } ?? 0
  }

  /// A column of int64 without nulls, all of whose values `fill` writes.
  @inlinable @inline(__always) public static func int64(count: Int, fill: (UnsafeMutablePointer<Int64>) -> Void) -> Column {
    let values = MutableBuffer(capacity: count &* 8)
    unsafe fill(values.pointer(to: Int64.self))
    values.byteCount = count &* 8
    return Column(type: .int64, count: count, validity: nil, storage: .fixed(values.freeze()))
  }

  /// The values of a fixed-width column; nil for other storage.
  @inlinable public func fixed<T>(_ type: T.Type = T.self) -> UnsafePointer<T>? {
    if case .fixed(let buffer) = storage { return unsafe buffer.pointer(to: T.self) }
    return nil
  }

  /// One row as a value; for display and small results only.
  public func value(at row: Int) -> Value {
    precondition(row >= 0 && row < count, "a row of the column: \(row) of \(count)")
    guard unsafe isValid(row) else { return .null }
    switch storage {
    case .none: return .null
    case .bits(let buffer): return unsafe .bool(Bitmap(buffer: buffer, count: count)[row])
    case .fixed(let buffer): return unsafe fixedValue(buffer, at: row)
    case .text, .dictionary:
      let bytes = unsafe textBytes(at: row)
      return unsafe type == .binary ? .binary(Array(bytes)) : .string(String(decoding: bytes, as: UTF8.self))
    case .list(let offsets, let elements):
      let pointer = unsafe offsets.pointer(to: Int32.self)
      let members = unsafe (Int(pointer[row])..<Int(pointer[row + 1])).map { elements.value(at: $0) }
      if case .map(let key, let value) = type { return .map(key, value, members) }
      return .list(members)
    case .structure(let columns):
      guard case .structure(let fields) = type else { return .null }
      return .structure(fields, columns.map { $0.value(at: row) })
    }
  }

  /// The bytes of a row of a text, binary or dictionary column; empty for other storage.
  ///
  /// It is a row of the column, which only debug builds check.
  @inlinable public func textBytes(at row: Int) -> UnsafeRawBufferPointer {
    assert(row >= 0 && row < count, "a row of the column: \(row) of \(count)")
    // A column has one offset more than rows or entries, they ascend within the bytes, and its codes name entries.
    switch storage {
    case .text(let offsets, let bytes):
      let pointer = unsafe offsets.pointer(to: Int32.self)
      return unsafe UnsafeRawBufferPointer(start: bytes.address + Int(pointer[row]), count: Int(pointer[row &+ 1] &- pointer[row]))
    case .dictionary(let codes, let entryCount, let offsets, let bytes):
      let pointer = unsafe offsets.pointer(to: Int32.self)
      let code = unsafe DictionaryCodes(codes, entryCount: entryCount)[row]
      return unsafe UnsafeRawBufferPointer(start: bytes.address + Int(pointer[code]), count: Int(pointer[code &+ 1] &- pointer[code]))
    default: return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    }
  }

  /// The bytes of its texts laid out plainly; elements of lists and structures count with their column.
  public var plainTextBytes: Int {
    if count == 0 { return 0 }
    switch storage {
    case .text(let offsets, _):
      let pointer = unsafe offsets.pointer(to: Int32.self)
      return unsafe Int(pointer[count]) - Int(pointer[0])
    case .dictionary(let codes, let entryCount, let offsets, _):
      // Exact only where it may matter: most dictionaries are of short words.
      let entry = unsafe offsets.pointer(to: Int32.self)
      let longest = (0..<entryCount).reduce(0) { unsafe max($0, Int(entry[$1 + 1]) - Int(entry[$1])) }
      if longest <= 64 { return count * longest }
      let code = unsafe DictionaryCodes(codes, entryCount: entryCount)
      return (0..<count).reduce(0) { sum, row in
        guard unsafe validity?[row] ?? true else { return sum }
        return unsafe sum + Int(entry[code[row] + 1]) - Int(entry[code[row]])
      }
    case .list(_, let elements): return elements.plainTextBytes
    case .structure(let columns): return columns.reduce(0) { max($0, $1.plainTextBytes) }
    case .none, .bits, .fixed: return 0
    }
  }

  /// A column of one value over and over.
  public static func repeating(_ value: Value, type: DataType, count: Int) -> Column {
    if type == .null || (value.isNull && type.fixedWidthBytes == nil && type != .string) {
      let builder = ColumnBuilder(type: type)
      for _ in 0..<count { builder.appendNull() }
      return builder.finish()
    }
    let builder = ColumnBuilder(type: type)
    builder.append(value, repeated: count)
    return builder.finish()
  }

  /// The same column, laid out plainly unless the entries of its dictionary take fewer bytes than the offsets that its rows would have.
  public func withoutLargeTable() -> Column {
    guard case .dictionary(_, let entryCount, let offsets, _) = storage else { return self }
    let entry = unsafe offsets.pointer(to: Int32.self)
    let tableBytes = unsafe Int(entry[entryCount] - entry[0]) + (entryCount + 1) * 4
    return tableBytes <= count * (4 - Column.codeWidth(entryCount: entryCount)) ? self : plain()
  }

  /// The same column with text laid out plainly instead of through a dictionary.
  public func plain() -> Column {
    guard case .dictionary(let codes, let entryCount, let offsets, let bytes) = storage else { return self }
    let code = unsafe DictionaryCodes(codes, entryCount: entryCount)
    let entry = unsafe offsets.pointer(to: Int32.self)
    let newOffsets = MutableBuffer(capacity: (count + 1) * 4)
    let newBytes = MutableBuffer(capacity: count * 8)
    newOffsets.append(Int32(0))
    for row in 0..<count {
      if unsafe validity?[row] ?? true {
        let start = unsafe Int(entry[code[row]])
        let end = unsafe Int(entry[code[row] &+ 1])
        unsafe newBytes.append(bytes.address + start, byteCount: end &- start)
      }
      newOffsets.append(Int32(truncatingIfNeeded: newBytes.byteCount))
    }
    return Column(
      type: type, count: count, validity: validity, storage: .text(offsets: newOffsets.freeze(), bytes: newBytes.freeze()))
  }
}
