// Builds a column value by value or range by range.
import DshDiagnostics

/// A growing column with a single writer.
///
/// The buffers are public so that a parser can fill them in a tight loop: after writing values directly, set
/// `count` and let `validity` be (it grows from the moment of the first null). `finish` looks whether there are as many values as that says.
public final class ColumnBuilder {
  public let type: DataType
  @safe @exclusivity(unchecked) public var count = 0
  /// Fixed-width values, or the bits of a bool column.
  public let values: MutableBuffer
  /// Text or list offsets, `count + 1` of them.
  public let offsets: MutableBuffer
  /// Text bytes.
  public let bytes: MutableBuffer
  @safe @exclusivity(unchecked) private var validity: MutableBuffer?
  private let elements: ColumnBuilder?
  private let children: [ColumnBuilder]

  public init(type: DataType, rows: Int = 0) {
    self.type = type
    values = MutableBuffer(capacity: rows * (type.fixedWidthBytes ?? 0))
    var hasOffsets = type == .string || type == .binary
    if let element = type.member {
      hasOffsets = true
      elements = ColumnBuilder(type: element)
    } else {
      elements = nil
    }
    if case .structure(let fields) = type { children = fields.map { ColumnBuilder(type: $0.type) } } else { children = [] }
    offsets = MutableBuffer(capacity: hasOffsets ? (rows + 1) * 4 : 0)
    bytes = MutableBuffer(capacity: type == .string ? rows * 8 : 0)
    if hasOffsets { offsets.append(Int32(0)) }
  }

  /// The bytes held so far, for deciding when a block is full.
  public var sizeBytes: Int {
    values.byteCount + offsets.byteCount + bytes.byteCount + (validity?.byteCount ?? 0) + (elements?.sizeBytes ?? 0)
      + children.reduce(0) { $0 + $1.sizeBytes }
  }

  @inlinable @inline(__always) public func append(int64 value: Int64) {
    values.append(value)
    count &+= 1
    if hasValidity { markValid() }
  }

  @inlinable @inline(__always) public func append(float64 value: Double) {
    values.append(value)
    count &+= 1
    if hasValidity { markValid() }
  }

  @inlinable @inline(__always) public func append(date value: Int32) {
    values.append(value)
    count &+= 1
    if hasValidity { markValid() }
  }

  public func append(bool value: Bool) {
    if count & 7 == 0 { values.append(UInt8(0)) }
    if value { unsafe values.pointer(to: UInt8.self)[count &>> 3] |= 1 &<< UInt8(count & 7) }
    count &+= 1
    if hasValidity { markValid() }
  }

  /// Appends text or binary; the column's bytes must stay below 2 GiB.
  @inlinable @inline(__always) public func append(text source: UnsafeRawPointer, byteCount length: Int) {
    unsafe bytes.append(source, byteCount: length)
    offsets.append(Int32(truncatingIfNeeded: bytes.byteCount))
    count &+= 1
    if hasValidity { markValid() }
  }

  /// Appends a whole number to a column of whole numbers of any layout; one that does not fit becomes null, and so does
  /// none. Whether there is one that fits.
  @discardableResult public func append(integer value: Int64?) -> Bool {
    guard let value else { return appendExact(Int64?.none) }
    switch type.fixedLayout {
    case .int64: return appendExact(value)
    case .int8: return appendExact(Int8(exactly: value))
    case .int16: return appendExact(Int16(exactly: value))
    case .int32: return appendExact(Int32(exactly: value))
    case .uint8: return appendExact(UInt8(exactly: value))
    case .uint16: return appendExact(UInt16(exactly: value))
    case .uint32: return appendExact(UInt32(exactly: value))
    case .uint64: return appendExact(UInt64(exactly: value))
    case .int128: return appendExact(Int128(value))
    case .float32, .float64, nil: return appendExact(Int64?.none)
    }
  }

  /// Appends the unscaled value of a decimal.
  @inlinable public func append(int128 value: Int128) { appendExact(value) }

  /// Appends a value of the machine type of the column's layout; nil is null. Whether there is a value.
  @discardableResult @inlinable @inline(__always) public func appendExact<T: BitwiseCopyable>(_ value: T?) -> Bool {
    guard let value else {
      appendNull()
      return false
    }
    values.append(value)
    count &+= 1
    if hasValidity { markValid() }
    return true
  }

  public func append(text value: String) {
    var value = value
    value.withUTF8 { unsafe append(text: UnsafeRawBufferPointer($0)) }
  }

  func append(text source: UnsafeRawBufferPointer) {
    // No bytes may have no address.
    unsafe append(text: source.baseAddress ?? UnsafeRawPointer(bytes.start), byteCount: source.count)
  }

  public func appendNull() {
    startValidity()
    appendPlaceholder()
    count &+= 1
    growValidity()
  }

  @usableFromInline var hasValidity: Bool { validity != nil }

  private func appendPlaceholder() {
    switch type {
    case .null: break
    case .bool: if count & 7 == 0 { values.append(UInt8(0)) }
    case .string, .binary: offsets.append(Int32(truncatingIfNeeded: bytes.byteCount))
    case .list, .map: offsets.append(Int32(truncatingIfNeeded: elements?.count ?? 0))
    case .structure: for child in children { child.appendNull() }
    default: values.appendZeros(type.fixedWidthBytes ?? 0)
    }
  }

  private func startValidity() {
    guard validity == nil else { return }
    let map = MutableBuffer(capacity: count / 8 + 64)
    for _ in 0..<Bitmap.byteCount(for: count) { map.append(UInt8(0xFF)) }
    if count & 7 != 0 { unsafe map.pointer(to: UInt8.self)[count &>> 3] = (1 &<< UInt8(count & 7)) &- 1 }
    validity = map
  }

  /// Makes the validity map as long as `count`; new bits are clear.
  private func growValidity() {
    guard let validity else { return }
    let needed = Bitmap.byteCount(for: count)
    if validity.byteCount < needed { validity.appendZeros(needed - validity.byteCount) }
  }

  @usableFromInline @inline(never) func markValid() {
    growValidity()
    let row = count &- 1
    unsafe validity?.pointer(to: UInt8.self)[row &>> 3] |= 1 &<< UInt8(row & 7)
  }

  /// Takes note of rows whose values were written directly into the buffers.
  ///
  /// `valid` holds a 1 for each value and a 0 for each null; nil stands for all values.
  public func noteAppended(rows: Int, valid: UnsafePointer<UInt8>?) {
    if unsafe valid != nil { startValidity() }
    let before = count
    count += rows
    guard let map = validity else { return }
    growValidity()
    // The map has a bit for every row now.
    let bits = unsafe map.pointer(to: UInt8.self)
    if let valid = unsafe valid {
      unsafe Bitmap.pack(valid, count: rows, into: bits, at: before)
    } else {
      for row in before..<count { unsafe bits[row &>> 3] |= 1 &<< UInt8(row & 7) }
    }
  }

  /// Appends truth values that are bytes of 0 or 1; `valid` as in `noteAppended`.
  public func append(bools: UnsafePointer<UInt8>, rows: Int, valid: UnsafePointer<UInt8>?) {
    let needed = Bitmap.byteCount(for: count + rows)
    if values.byteCount < needed { values.appendZeros(needed - values.byteCount) }
    unsafe Bitmap.pack(bools, count: rows, into: values.pointer(to: UInt8.self), at: count)
    unsafe noteAppended(rows: rows, valid: valid)
  }

  /// Appends a value of the column's type (an integer also fits a float column); anything else becomes null.
  public func append(_ value: Value) {
    switch (type, value) {
    case (.bool, .bool(let flag)): append(bool: flag)
    case (.string, .string(let text)): append(text: text)
    case (.binary, .binary(let data)): unsafe data.withUnsafeBytes { unsafe append(text: $0) }
    case (.list, .list(let members)), (.map, .map(_, _, let members)):
      if let elements {
        for member in members { elements.append(member) }
        offsets.append(Int32(truncatingIfNeeded: elements.count))
      }
      count += 1
      if hasValidity { markValid() }
    case (.structure(let fields), .structure(let names, let members)):
      for (field, child) in zip(fields, children) {
        child.append(zip(names, members).first { $0.0.name.isExactly(field.name) }?.1 ?? .null)
      }
      count += 1
      if hasValidity { markValid() }
    default: appendFixed(value)
    }
  }

  public func append(_ value: Value, repeated times: Int) {
    for _ in 0..<times { append(value) }
  }

  /// Appends all rows of a column of the same type; a `null` column appends nulls.
  public func append(_ column: Column) {
    if column.type == .null || column.type != type {
      for row in 0..<column.count { append(column.value(at: row)) }
      return
    }
    let before = count
    switch column.storage {
    case .none: break
    case .bits(let buffer):
      let source = Bitmap(buffer: buffer, count: column.count)
      values.reserve(column.count / 8 + 8)
      for row in 0..<column.count {
        if (before + row) & 7 == 0 { values.append(UInt8(0)) }
        if unsafe source[row] { unsafe values.pointer(to: UInt8.self)[(before + row) &>> 3] |= 1 &<< UInt8((before + row) & 7) }
      }
    case .fixed(let buffer): values.append(buffer.slice(from: 0, byteCount: column.count * (type.fixedWidthBytes ?? 8)))
    case .text(let sourceOffsets, let sourceBytes):
      let source = unsafe sourceOffsets.pointer(to: Int32.self)
      let first = unsafe source[0]
      let shift = Int32(truncatingIfNeeded: bytes.byteCount) &- first
      unsafe bytes.append(sourceBytes.slice(from: Int(first), byteCount: Int(source[column.count] &- first)))
      offsets.reserve(column.count * 4)
      // Room was made for as many as are written, and the source has one more.
      let output = unsafe (offsets.start + offsets.byteCount).assumingMemoryBound(to: Int32.self)
      for row in 0..<column.count { unsafe output[row] = source[row &+ 1] &+ shift }
      offsets.byteCount += column.count * 4
    case .dictionary:
      for row in 0..<column.count {
        // A null carries the code of some entry whose text is not its own.
        if unsafe column.validity?[row] ?? true {
          let text = unsafe column.textBytes(at: row)
          if let base = text.baseAddress { unsafe bytes.append(base, byteCount: text.count) }
        }
        offsets.append(Int32(truncatingIfNeeded: bytes.byteCount))
      }
    case .list(let sourceOffsets, let sourceElements):
      let source = unsafe sourceOffsets.pointer(to: Int32.self)
      let first = unsafe source[0]
      let shift = Int32(truncatingIfNeeded: elements?.count ?? 0) &- first
      unsafe elements?.append(sourceElements.slice(from: Int(first), count: Int(source[column.count] &- first)))
      for row in 0..<column.count { unsafe offsets.append(source[row &+ 1] &+ shift) }
    case .structure(let columns): for (child, column) in zip(children, columns) { child.append(column) }
    }
    appendValidity(of: column, before: before)
  }

  private func appendValidity(of column: Column, before: Int) {
    guard column.validity != nil || validity != nil else {
      count = before + column.count
      return
    }
    startValidity()
    count = before + column.count
    growValidity()
    // The map has a bit for every row now.
    guard let map = unsafe validity?.pointer(to: UInt8.self) else { return }
    for row in 0..<column.count where unsafe column.validity?[row] ?? true {
      unsafe map[(before + row) &>> 3] |= 1 &<< UInt8((before + row) & 7)
    }
  }

  /// The column; the builder is used no more.
  public func finish() -> Column {
    let storage: Column.Storage
    switch type {
    case .null: storage = .none
    case .bool: storage = .bits(values.freeze())
    case .string, .binary: storage = .text(offsets: offsets.freeze(), bytes: bytes.freeze())
    case .list, .map:
      storage = .list(
        offsets: offsets.freeze(), elements: elements?.finish() ?? ColumnBuilder(type: type.member ?? .null).finish())
    case .structure: storage = .structure(children.map { $0.finish() })
    default: storage = .fixed(values.freeze())
    }
    let map = type == .null ? nil : validity.map { Bitmap(buffer: $0.freeze(), count: count) }
    let column = Column(type: type, count: count, validity: map, storage: storage)
    precondition(column.hasRoom, "a value in the buffers of a builder for each of \(count) rows of type \(type.name)")
    return column
  }
}
