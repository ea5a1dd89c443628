// The least and the greatest of some values that are written, as statistics have them.
import DshColumns

/// Bounds of values in the order of their type, as bytes.
struct ParquetBounds {
  private(set) var least: [UInt8] = []
  private(set) var greatest: [UInt8] = []
  private(set) var isExact = true

  /// Longer texts are cut, so that statistics stay small.
  private static let limitBytes = 64

  /// The bounds of some values of a leaf; nil where there are none that have an order.
  init?(_ leaf: ParquetLeafValues, _ range: Range<Int>) {
    guard !range.isEmpty else { return nil }
    let type = leaf.leaf.type
    switch type.parquetPhysicalType {
    case .boolean: note(leaf.values.pointer(to: UInt8.self), range)
    case .int32 where type == .null: return nil
    case .int32 where type == .narrow(.uint32): note(leaf.values.pointer(to: UInt32.self), range)
    case .int32: note(leaf.values.pointer(to: Int32.self), range)
    case .int64 where type == .uint64: note(leaf.values.pointer(to: UInt64.self), range)
    case .int64: note(leaf.values.pointer(to: Int64.self), range)
    case .float: noteFloats(leaf.values.pointer(to: Float.self), range)
    case .double: noteFloats(leaf.values.pointer(to: Double.self), range)
    case .fixedBytes: note(leaf.values.pointer(to: Int128.self), range) { $0.bigEndian }
    case .byteArray: noteTexts(leaf, range)
    case .int96: return nil
    }
    if greatest.isEmpty && !leaf.isText { return nil }
  }

  /// - Parameter turned: turns a number as it is written into one, and back.
  private mutating func note<Number: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<Number>, _ range: Range<Int>, turned: (Number) -> Number = { $0 }
  ) {
    var (low, high) = (Number.max, Number.min)
    for index in range {
      low = Swift.min(low, turned(values[index]))
      high = Swift.max(high, turned(values[index]))
    }
    (least, greatest) = (Self.bytes(turned(low)), Self.bytes(turned(high)))
  }

  private mutating func noteFloats<Number: BinaryFloatingPoint & BitwiseCopyable>(_ values: UnsafePointer<Number>, _ range: Range<Int>) {
    var (low, high) = (Number.infinity, -Number.infinity)
    for index in range {
      // NaN has no place in the order: bounds beside it would be taken for those of all values.
      if values[index].isNaN { return }
      low = Swift.min(low, values[index])
      high = Swift.max(high, values[index])
    }
    // The order takes both zeros for one, so each bound is the outer of them.
    least = Self.bytes(low == 0 ? -Number.zero : low)
    greatest = Self.bytes(high == 0 ? Number.zero : high)
  }

  private mutating func noteTexts(_ leaf: ParquetLeafValues, _ range: Range<Int>) {
    var (low, high) = (range.lowerBound, range.lowerBound)
    for index in range.dropFirst() {
      if precedes(leaf.text(index), leaf.text(low)) { low = index }
      if precedes(leaf.text(high), leaf.text(index)) { high = index }
    }
    let (shortest, longest) = (leaf.text(low), leaf.text(high))
    isExact = shortest.count <= Self.limitBytes && longest.count <= Self.limitBytes
    let isString = leaf.leaf.type == .string
    least = Self.cut(shortest, isString: isString)
    greatest =
      longest.count <= Self.limitBytes
      ? Array(longest) : Self.successor(of: Self.cut(longest, isString: isString), isString: isString, whole: longest)
  }

  private func precedes(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool { one.lexicographicallyPrecedes(other) }

  /// The first bytes; of a string as far as they are whole characters.
  private static func cut(_ text: UnsafeRawBufferPointer, isString: Bool) -> [UInt8] {
    var end = Swift.min(text.count, limitBytes)
    while isString, end > 0, end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end])
  }

  /// Bytes behind all that begin so; the whole text where there are none.
  private static func successor(of prefix: [UInt8], isString: Bool, whole: UnsafeRawBufferPointer) -> [UInt8] {
    if isString {
      let text = String(decoding: prefix, as: UTF8.self)
      guard let next = TextBounds.successor(of: text) else { return Array(whole) }
      return Array(next.utf8)
    }
    var bytes = prefix
    while let last = bytes.popLast() {
      if last < 0xFF { return bytes + [last + 1] }
    }
    return Array(whole)
  }

  private static func bytes<T: BitwiseCopyable>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

  /// Whether bounds of one page come before those of the next, or are the same; by the order of a type.
  static func precedes(_ one: [UInt8], _ other: [UInt8], _ type: DataType) -> Bool {
    func load<T: BitwiseCopyable>(_ bytes: [UInt8], _: T.Type) -> T { bytes.withUnsafeBytes { $0.loadUnaligned(as: T.self) } }
    switch type.parquetPhysicalType {
    case .boolean: return one[0] <= other[0]
    case .int32 where type == .narrow(.uint32): return load(one, UInt32.self) <= load(other, UInt32.self)
    case .int32: return load(one, Int32.self) <= load(other, Int32.self)
    case .int64 where type == .uint64: return load(one, UInt64.self) <= load(other, UInt64.self)
    case .int64: return load(one, Int64.self) <= load(other, Int64.self)
    case .float: return load(one, Float.self) <= load(other, Float.self)
    case .double: return load(one, Double.self) <= load(other, Double.self)
    case .fixedBytes: return load(one, Int128.self).bigEndian <= load(other, Int128.self).bigEndian
    case .byteArray, .int96: return !other.lexicographicallyPrecedes(one)
    }
  }
}
