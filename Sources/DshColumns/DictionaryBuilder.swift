// Builds a dictionary column: a table of distinct texts and a code for each row.

/// Codes for texts: of one byte for texts that it has to find out about, of two, for up to `Column.dictionaryLimit` distinct ones, where columns come
/// with dictionaries of so many.
final class DictionaryBuilder {
  private var codes = MutableBuffer(capacity: 1 << 12)
  private let entries = ColumnBuilder(type: .string)
  /// Open addressing: entry number + 1, or 0 for a free slot. Four slots an entry keep the chains short.
  private var slots = [UInt16](repeating: 0, count: 4 * Column.byteCodeLimit)
  /// Whether codes take two bytes.
  private var isWide = false
  private var validity = ValidityBuilder()
  /// The codes of the entries of the dictionary that was appended last: pieces of one column share theirs.
  private var last: (bytes: Buffer, offsets: Buffer, codes: [UInt16])?

  var sizeBytes: Int { codes.byteCount + entries.sizeBytes + validity.byteCount }

  /// Whether the dictionary takes fewer bytes than plain text would.
  var isWorthwhile: Bool { entries.count > 0 && entries.count * 2 <= validity.count }

  /// Appends rows until a text would be one too many; how many rows were taken.
  func append(_ column: Column) -> Int {
    if case .dictionary(let source, let entryCount, _, _) = column.storage, column.count >= entryCount || isLast(column) {
      if let taken = appendCodes(of: column, source, entryCount: entryCount) { return taken }
    }
    return isWide ? appendRows(of: column, as: UInt16.self) : appendRows(of: column, as: UInt8.self)
  }

  private func appendRows<Code: FixedWidthInteger & BitwiseCopyable>(of column: Column, as _: Code.Type) -> Int {
    let limit = isWide ? Column.dictionaryLimit : Column.byteCodeLimit
    codes.reserve(column.count * MemoryLayout<Code>.size)
    // Room was made for a code for each row.
    let output = unsafe (codes.start + codes.byteCount).assumingMemoryBound(to: Code.self)
    var row = 0
    unsafe slots.withUnsafeMutableBufferPointer { slots in
      while row < column.count {
        if let map = column.validity, unsafe !map[row] {
          unsafe output[row] = 0
          row &+= 1
          continue
        }
        guard let code = unsafe code(of: column.textBytes(at: row), slots, limit: limit) else { break }
        unsafe output[row] = Code(truncatingIfNeeded: code)
        row &+= 1
      }
    }
    codes.byteCount += row * MemoryLayout<Code>.size
    validity.append(column.validity?.slice(from: 0, count: row), count: row)
    return row
  }

  /// Translates codes through a table; nil if the union of both dictionaries is too large.
  private func appendCodes(of column: Column, _ source: Buffer, entryCount: Int) -> Int? {
    guard case .dictionary(_, _, let offsets, let bytes) = column.storage else { return nil }
    var translation: [UInt16]
    if isLast(column), let last {
      translation = last.codes
    } else {
      guard entries.count + entryCount <= Column.dictionaryLimit else { return nil }
      if entries.count + entryCount > Column.byteCodeLimit { growSlots() }
      let table = Column(type: .string, count: entryCount, validity: nil, storage: .text(offsets: offsets, bytes: bytes))
      translation = [UInt16](repeating: 0, count: max(entryCount, Column.byteCodeLimit))
      unsafe slots.withUnsafeMutableBufferPointer { slots in
        for entry in 0..<entryCount {
          translation[entry] = unsafe code(of: table.textBytes(at: entry), slots, limit: Column.dictionaryLimit) ?? 0
        }
      }
      last = (bytes, offsets, translation)
    }
    if entries.count > Column.byteCodeLimit && !isWide { widen() }
    let width = Column.codeWidth(entryCount: entryCount)
    if width == (isWide ? 2 : 1), (0..<entryCount).allSatisfy({ translation[$0] == $0 }) {
      codes.append(source.slice(from: 0, byteCount: column.count * width))
    } else {
      let input = unsafe DictionaryCodes(source, entryCount: entryCount)
      if isWide {
        unsafe translate(input, count: column.count, translation, to: UInt16.self)
      } else {
        unsafe translate(input, count: column.count, translation, to: UInt8.self)
      }
    }
    validity.append(column.validity, count: column.count)
    return column.count
  }

  /// Whether a column has the dictionary that was appended last, which is kept and so can't be another at its place.
  private func isLast(_ column: Column) -> Bool {
    guard let last, case .dictionary(_, _, let offsets, let bytes) = column.storage else { return false }
    return unsafe bytes.address == last.bytes.address && bytes.byteCount == last.bytes.byteCount && offsets.address == last.offsets.address
      && offsets.byteCount == last.offsets.byteCount
  }

  private func translate<Code: FixedWidthInteger & BitwiseCopyable>(
    _ input: DictionaryCodes, count: Int, _ translation: [UInt16], to _: Code.Type
  ) {
    codes.reserve(count * MemoryLayout<Code>.size)
    // Room was made for a code for each row, and codes name entries, of which each has a translation.
    let output = unsafe (codes.start + codes.byteCount).assumingMemoryBound(to: Code.self)
    unsafe translation.withUnsafeBufferPointer { translation in
      for row in 0..<count { unsafe output[row] = Code(truncatingIfNeeded: translation[input[row]]) }
    }
    codes.byteCount += count * MemoryLayout<Code>.size
  }

  /// Makes codes of two bytes of those of one.
  private func widen() {
    let narrow = codes
    let identity = (0..<Column.byteCodeLimit).map { UInt16($0) }
    codes = MutableBuffer(capacity: narrow.byteCount * 2)
    isWide = true
    unsafe translate(DictionaryCodes(narrow.freeze(), entryCount: 0), count: narrow.byteCount, identity, to: UInt16.self)
  }

  /// Makes room for as many entries as there may ever be.
  private func growSlots() {
    guard slots.count < 4 * Column.dictionaryLimit else { return }
    slots = [UInt16](repeating: 0, count: 4 * Column.dictionaryLimit)
    let offsets = unsafe entries.offsets.pointer(to: Int32.self)
    for entry in 0..<entries.count {
      // An entry has an offset at either end.
      let start = unsafe Int(offsets[entry])
      let text = unsafe UnsafeRawBufferPointer(start: entries.bytes.start + start, count: Int(offsets[entry + 1]) - start)
      var slot = unsafe Int(truncatingIfNeeded: hash(text) >> 40) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt16(entry + 1)
    }
  }

  /// The code of a text, a new one if there are fewer than `limit`; nil otherwise.
  @inline(__always)
  private func code(of text: UnsafeRawBufferPointer, _ slots: UnsafeMutableBufferPointer<UInt16>, limit: Int) -> UInt16? {
    // A slot is a number below a power of two, and there are free ones; what it holds is an entry, which has an offset at either end.
    var slot = unsafe Int(truncatingIfNeeded: hash(text) >> 40) & (slots.count &- 1)
    let offsets = unsafe entries.offsets.pointer(to: Int32.self)
    while unsafe slots[slot] != 0 {
      let entry = unsafe Int(slots[slot]) &- 1
      let start = unsafe Int(offsets[entry])
      let length = unsafe Int(offsets[entry &+ 1]) &- start
      if unsafe length == text.count && equal(entries.bytes.start + start, text) { return UInt16(truncatingIfNeeded: entry) }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return unsafe entries.count < limit ? insert(text, slot, slots) : nil
  }

  @inline(never)
  private func insert(_ text: UnsafeRawBufferPointer, _ slot: Int, _ slots: UnsafeMutableBufferPointer<UInt16>) -> UInt16 {
    unsafe entries.append(text: text)
    unsafe slots[slot] = UInt16(entries.count)
    return UInt16(entries.count - 1)
  }

  @inline(__always)
  private func equal(_ a: UnsafeRawPointer, _ text: UnsafeRawBufferPointer) -> Bool {
    guard let b = text.baseAddress else { return true }
    var index = 0
    while index &+ 8 <= text.count {
      if unsafe (a + index).loadUnaligned(as: UInt64.self) != (b + index).loadUnaligned(as: UInt64.self) { return false }
      index &+= 8
    }
    while index < text.count {
      if unsafe (a + index).load(as: UInt8.self) != (b + index).load(as: UInt8.self) { return false }
      index &+= 1
    }
    return true
  }

  /// A quick multiplicative hash; only this table depends on it.
  @inline(__always)
  private func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
    let prime: UInt64 = 0x9E37_79B9_7F4A_7C15
    guard let base = text.baseAddress else { return 0 }
    var hash = UInt64(truncatingIfNeeded: text.count) &* prime
    var index = 0
    while index &+ 8 <= text.count {
      hash = unsafe (hash ^ (base + index).loadUnaligned(as: UInt64.self)) &* prime
      hash ^= hash >> 29
      index &+= 8
    }
    var tail: UInt64 = 0
    while index < text.count {
      tail = unsafe (tail << 8) | UInt64((base + index).load(as: UInt8.self))
      index &+= 1
    }
    hash = (hash ^ tail) &* prime
    return hash ^ (hash >> 32) &* prime
  }

  /// The column; the builder is used no more.
  func finish() -> Column {
    let table = entries.finish()
    guard case .text(let offsets, let bytes) = table.storage else { preconditionFailure("a text builder makes text") }
    if table.count == 0 {
      // Nothing but nulls: a dictionary needs an entry for its codes to name.
      let empty = ColumnBuilder(type: .string)
      for _ in 0..<validity.count { empty.appendNull() }
      return empty.finish()
    }
    return Column(
      type: .string, count: validity.count, validity: validity.finish(),
      storage: .dictionary(codes: codes.freeze(), entryCount: table.count, offsets: offsets, bytes: bytes))
  }
}
