// The encodings of values: each gives the next values of a page to a builder, or passes over them (Apache Parquet format, "Encodings").
import CDshKernels
import DshColumns
import DshDiagnostics

/// The values of one page.
protocol ParquetDecoder: AnyObject {
  /// Reads so many values; throws where there are no more.
  func read(_ count: Int, into builder: ParquetValueBuilder) throws
  func skip(_ count: Int) throws
}

extension ParquetPlace {
  var cutShort: Diagnostic { damaged("the values of a page are cut short") }
}

/// What decodes the values of a page.
func parquetDecoder(_ page: ParquetPage, _ dictionary: ParquetDictionary?, _ leaf: ParquetLeaf, _ place: ParquetPlace) throws
  -> any ParquetDecoder
{
  let wrong = place.damaged("values have an encoding that is none for their type")
  switch page.header.encoding {
  case .plain: return try plainDecoder(page.values, leaf, place)
  case .plainDictionary, .runLengthDictionary:
    guard let dictionary else {
      // Pages of nulls alone may come without one.
      return try PlainFixedDecoder(UnsafeRawBufferPointer(start: nil, count: 0), widthBytes: 1, place)
    }
    return try DictionaryDecoder(page.values, dictionary, place)
  case .runLength:
    guard leaf.type == .boolean else { throw wrong }
    return try RunLengthBitDecoder(page.values, place)
  case .bitPacked: throw wrong
  case .deltaBinaryPacked:
    guard leaf.type == .int32 || leaf.type == .int64 else { throw wrong }
    return try DeltaDecoder(page.values, widthBytes: leaf.type == .int32 ? 4 : 8, place)
  case .deltaLengthByteArray:
    guard leaf.type == .byteArray else { throw wrong }
    return try DeltaLengthDecoder(page.values, place)
  case .deltaByteArray:
    guard leaf.type == .byteArray || leaf.type == .fixedBytes else { throw wrong }
    return try DeltaTextDecoder(page.values, place)
  case .byteStreamSplit:
    guard let width = leaf.type == .fixedBytes ? leaf.lengthBytes : leaf.type.widthBytes, leaf.type != .int96 else { throw wrong }
    return try StreamSplitDecoder(page.values, widthBytes: width, place)
  }
}

/// What decodes plain values.
func plainDecoder(_ bytes: UnsafeRawBufferPointer, _ leaf: ParquetLeaf, _ place: ParquetPlace) throws -> any ParquetDecoder {
  switch leaf.type {
  case .boolean: PlainBitDecoder(bytes, place)
  case .byteArray: PlainTextDecoder(bytes, place)
  case .fixedBytes: try PlainFixedDecoder(bytes, widthBytes: leaf.lengthBytes, place)
  case .int32, .int64, .int96, .float, .double: try PlainFixedDecoder(bytes, widthBytes: leaf.type.widthBytes ?? 8, place)
  }
}

/// Values of fixed width one behind the other.
private final class PlainFixedDecoder: ParquetDecoder {
  private let bytes: UnsafeRawBufferPointer
  private let widthBytes: Int
  private let place: ParquetPlace
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer, widthBytes: Int, _ place: ParquetPlace) throws {
    self.bytes = bytes
    self.widthBytes = widthBytes
    self.place = place
  }

  func read(_ count: Int, into builder: ParquetValueBuilder) throws {
    guard count <= (bytes.count - position) / widthBytes else { throw place.cutShort }
    guard count > 0, let base = bytes.baseAddress else { return }
    try builder.append(raw: base + position, count: count)
    position += count * widthBytes
  }

  func skip(_ count: Int) throws {
    guard count <= (bytes.count - position) / widthBytes else { throw place.cutShort }
    position += count * widthBytes
  }
}

/// Truth values, a bit each.
private final class PlainBitDecoder: ParquetDecoder {
  private let bytes: UnsafeRawBufferPointer
  private let place: ParquetPlace
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer, _ place: ParquetPlace) {
    self.bytes = bytes
    self.place = place
  }

  func read(_ count: Int, into builder: ParquetValueBuilder) throws {
    guard count <= bytes.count * 8 - position else { throw place.cutShort }
    guard count > 0, let base = bytes.baseAddress else { return }
    let (bits, offset) = builder.reserveBits(count)
    dsh_copy_bits(base.assumingMemoryBound(to: UInt8.self), position, bits, offset, count)
    position += count
  }

  func skip(_ count: Int) throws {
    guard count <= bytes.count * 8 - position else { throw place.cutShort }
    position += count
  }
}

/// Truth values in runs, behind their length.
private final class RunLengthBitDecoder: ParquetDecoder {
  private var runs = dsh_run_length()
  private let place: ParquetPlace

  init(_ bytes: UnsafeRawBufferPointer, _ place: ParquetPlace) throws {
    self.place = place
    guard bytes.count >= 4, let base = bytes.baseAddress else { return }
    let length = min(Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))), bytes.count - 4)
    dsh_run_length_begin(&runs, (base + 4).assumingMemoryBound(to: UInt8.self), length, 1)
  }

  func read(_ count: Int, into builder: ParquetValueBuilder) throws {
    let (bits, offset) = builder.reserveBits(count)
    guard dsh_run_length_bits(&runs, bits, offset, count) == count else { throw place.cutShort }
  }

  func skip(_ count: Int) throws {
    guard dsh_run_length_skip(&runs, count) == count else { throw place.cutShort }
  }
}

/// Codes of a dictionary, behind a byte that says how many bits they have.
private final class DictionaryDecoder: ParquetDecoder {
  private var runs = dsh_run_length()
  private let dictionary: ParquetDictionary
  private let place: ParquetPlace

  init(_ bytes: UnsafeRawBufferPointer, _ dictionary: ParquetDictionary, _ place: ParquetPlace) throws {
    self.dictionary = dictionary
    self.place = place
    guard let base = bytes.baseAddress, let width = bytes.first else { return }
    guard width <= 32 else { throw place.damaged("codes of a dictionary have \(width) bits") }
    dsh_run_length_begin(&runs, (base + 1).assumingMemoryBound(to: UInt8.self), bytes.count - 1, UInt32(width))
  }

  func read(_ count: Int, into builder: ParquetValueBuilder) throws { try builder.append(&runs, count, of: dictionary) }

  func skip(_ count: Int) throws {
    guard dsh_run_length_skip(&runs, count) == count else { throw place.cutShort }
  }
}

/// Differences of integers.
private final class DeltaDecoder: ParquetDecoder {
  private var delta = dsh_delta()
  private let widthBytes: Int
  private let place: ParquetPlace
  private let scratch = MutableBuffer(capacity: 0)

  init(_ bytes: UnsafeRawBufferPointer, widthBytes: Int, _ place: ParquetPlace) throws {
    self.widthBytes = widthBytes
    self.place = place
    delta = try beginDelta(bytes, place)
  }

  func read(_ count: Int, into builder: ParquetValueBuilder) throws {
    if widthBytes == 8, let room = builder.reserveInt64s(count) {
      guard dsh_delta_read(&delta, room, count) == count else { throw place.cutShort }
      return
    }
    scratch.byteCount = 0
    scratch.reserve(count * 8)
    let numbers = scratch.pointer(to: Int64.self)
    guard dsh_delta_read(&delta, numbers, count) == count else { throw place.cutShort }
    if widthBytes == 4 {
      // In place: a number moves to the front or stays.
      let narrow = scratch.pointer(to: Int32.self)
      for index in 0..<count { narrow[index] = Int32(truncatingIfNeeded: numbers[index]) }
    }
    try builder.append(raw: UnsafeRawPointer(scratch.start), count: count)
  }

  func skip(_ count: Int) throws { try skipDelta(&delta, count, scratch, place) }
}

/// Begins to read differences; no bytes at all are those of no values.
private func beginDelta(_ bytes: UnsafeRawBufferPointer, _ place: ParquetPlace) throws -> dsh_delta {
  var delta = dsh_delta()
  guard let base = bytes.baseAddress, !bytes.isEmpty else { return delta }
  guard dsh_delta_begin(&delta, base.assumingMemoryBound(to: UInt8.self), bytes.count) != 0 else {
    throw place.damaged("differences of values begin in a way that makes no sense")
  }
  return delta
}

private func skipDelta(_ delta: inout dsh_delta, _ count: Int, _ scratch: MutableBuffer, _ place: ParquetPlace) throws {
  let piece = 4096
  scratch.reserve(max(0, piece * 8 - scratch.byteCount))
  var left = count
  while left > 0 {
    let some = min(left, piece)
    guard dsh_delta_read(&delta, scratch.pointer(to: Int64.self), some) == some else { throw place.cutShort }
    left -= some
  }
}

/// The bytes behind packed differences.
private func bytesBehind(_ delta: dsh_delta, in bytes: UnsafeRawBufferPointer, _ place: ParquetPlace) throws -> UnsafeRawBufferPointer {
  guard let base = bytes.baseAddress, delta.position != nil else { return UnsafeRawBufferPointer(start: nil, count: 0) }
  guard let end = dsh_delta_end(delta) else { throw place.cutShort }
  return UnsafeRawBufferPointer(rebasing: bytes[(UnsafeRawPointer(end) - base)...])
}

/// Bytes of values in streams of their own.
private final class StreamSplitDecoder: ParquetDecoder {
  private let bytes: UnsafeRawBufferPointer
  private let widthBytes: Int
  private let place: ParquetPlace
  private let total: Int
  private var done = 0
  private let scratch = MutableBuffer(capacity: 0)

  init(_ bytes: UnsafeRawBufferPointer, widthBytes: Int, _ place: ParquetPlace) throws {
    guard bytes.count % widthBytes == 0 else { throw place.cutShort }
    self.bytes = bytes
    self.widthBytes = widthBytes
    self.place = place
    total = bytes.count / widthBytes
  }

  func read(_ count: Int, into builder: ParquetValueBuilder) throws {
    guard count <= total - done else { throw place.cutShort }
    guard count > 0, let base = bytes.baseAddress else { return }
    scratch.byteCount = 0
    scratch.reserve(count * widthBytes)
    dsh_join_streams(base.assumingMemoryBound(to: UInt8.self), widthBytes, total, done, count, scratch.pointer(to: UInt8.self))
    try builder.append(raw: UnsafeRawPointer(scratch.start), count: count)
    done += count
  }

  func skip(_ count: Int) throws {
    guard count <= total - done else { throw place.cutShort }
    done += count
  }
}

// MARK: Texts

/// Texts behind their lengths.
private final class PlainTextDecoder: ParquetDecoder {
  private var position: UnsafePointer<UInt8>?
  private let end: UnsafePointer<UInt8>?
  private let place: ParquetPlace

  init(_ bytes: UnsafeRawBufferPointer, _ place: ParquetPlace) {
    position = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    end = position.map { $0 + bytes.count }
    self.place = place
  }

  func read(_ count: Int, into builder: ParquetValueBuilder) throws {
    if count == 0 { return }
    guard let start = position, let end else { throw place.cutShort }
    var size: UInt64 = 0
    guard let behind = dsh_pass_texts(start, end, count, &size) else { throw place.cutShort }
    try builder.appendTexts(count, byteCount: size) { dsh_copy_texts(start, count, $0, $1, $2) }
    position = behind
  }

  func skip(_ count: Int) throws {
    if count == 0 { return }
    guard let start = position, let end else { throw place.cutShort }
    var size: UInt64 = 0
    guard let behind = dsh_pass_texts(start, end, count, &size) else { throw place.cutShort }
    position = behind
  }
}

/// Lengths as packed differences, and the bytes of all texts behind them.
private final class DeltaLengthDecoder: ParquetDecoder {
  private var lengths: dsh_delta
  private var rest: UnsafeRawBufferPointer
  private let place: ParquetPlace
  private let scratch = MutableBuffer(capacity: 0)

  init(_ bytes: UnsafeRawBufferPointer, _ place: ParquetPlace) throws {
    self.place = place
    lengths = try beginDelta(bytes, place)
    rest = try bytesBehind(lengths, in: bytes, place)
  }

  /// The next lengths, none below zero, and the bytes of their texts.
  private func take(_ count: Int) throws -> (lengths: UnsafePointer<Int64>, bytes: UnsafeRawBufferPointer) {
    scratch.byteCount = 0
    scratch.reserve(count * 8)
    let length = scratch.pointer(to: Int64.self)
    guard dsh_delta_read(&lengths, length, count) == count else { throw place.cutShort }
    var total = 0
    for index in 0..<count {
      guard length[index] >= 0, length[index] <= rest.count - total else { throw place.cutShort }
      total += Int(length[index])
    }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest[total...]) }
    return (UnsafePointer(length), UnsafeRawBufferPointer(rebasing: rest[..<total]))
  }

  func read(_ count: Int, into builder: ParquetValueBuilder) throws {
    let (length, bytes) = try take(count)
    try builder.appendTexts(count, byteCount: UInt64(bytes.count)) { target, start, ends in
      if let base = bytes.baseAddress { UnsafeMutableRawPointer(target + Int(start)).copyMemory(from: base, byteCount: bytes.count) }
      var end = start
      for index in 0..<count {
        end += Int32(truncatingIfNeeded: length[index])
        ends[index] = end
      }
    }
  }

  func skip(_ count: Int) throws {
    // A few at a time: a count that is false must not take memory.
    var left = count
    while left > 0 {
      let some = min(left, 4096)
      _ = try take(some)
      left -= some
    }
  }
}

/// Texts as what they share with the one before, and the rest.
private final class DeltaTextDecoder: ParquetDecoder {
  private var prefixes: dsh_delta
  private var suffixes: dsh_delta
  private var rest: UnsafeRawBufferPointer
  private let place: ParquetPlace
  private let scratch = MutableBuffer(capacity: 0)
  /// The text before the next.
  private var last: [UInt8] = []

  init(_ bytes: UnsafeRawBufferPointer, _ place: ParquetPlace) throws {
    self.place = place
    prefixes = try beginDelta(bytes, place)
    let behind = try bytesBehind(prefixes, in: bytes, place)
    suffixes = try beginDelta(behind, place)
    rest = try bytesBehind(suffixes, in: behind, place)
  }

  func read(_ count: Int, into builder: ParquetValueBuilder) throws {
    let output = MutableBuffer(capacity: 0)
    let ends = MutableBuffer(capacity: count * 4)
    try decode(count) { text in
      guard output.byteCount + text.count <= ParquetValueBuilder.textLimitBytes else {
        throw place.tooLarge("the text of a few thousand rows", limit: ParquetValueBuilder.textLimitBytes)
      }
      if let base = text.baseAddress { output.append(base, byteCount: text.count) }
      ends.append(Int32(output.byteCount))
    }
    if builder.leaf.type == .fixedBytes {
      let length = builder.leaf.lengthBytes
      let end = ends.pointer(to: Int32.self)
      guard (0..<count).allSatisfy({ Int(end[$0]) == ($0 + 1) * length }) else {
        throw place.damaged("a value is not of its column's length")
      }
      return try builder.append(raw: UnsafeRawPointer(output.start), count: count)
    }
    try builder.appendTexts(count, byteCount: UInt64(output.byteCount)) { target, start, targetEnds in
      UnsafeMutableRawPointer(target + Int(start)).copyMemory(from: output.start, byteCount: output.byteCount)
      let end = ends.pointer(to: Int32.self)
      for index in 0..<count { targetEnds[index] = start + end[index] }
    }
  }

  func skip(_ count: Int) throws { try decode(count) { _ in } }

  private func decode(_ count: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    scratch.byteCount = 0
    scratch.reserve(2 * 4096 * 8)
    let prefix = scratch.pointer(to: Int64.self)
    let suffix = prefix + 4096
    var left = count
    while left > 0 {
      let some = min(left, 4096)
      guard dsh_delta_read(&prefixes, prefix, some) == some, dsh_delta_read(&suffixes, suffix, some) == some else { throw place.cutShort }
      for index in 0..<some {
        let (shared, own) = (prefix[index], suffix[index])
        guard shared >= 0, own >= 0, shared <= last.count, own <= rest.count else { throw place.cutShort }
        last.removeSubrange(Int(shared)...)
        last.append(contentsOf: rest[..<Int(own)])
        rest = UnsafeRawBufferPointer(rebasing: rest[Int(own)...])
        try last.withUnsafeBytes { try body($0) }
      }
      left -= some
    }
  }
}
