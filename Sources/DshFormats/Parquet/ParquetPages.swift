// Goes through the pages of one column of a row group: those that nobody wants are passed over by their headers alone.
import CCodecs
import CDshKernels
import DshColumns
import DshDiagnostics

/// The bytes of a data page, decompressed; valid until the next page is asked for.
struct ParquetPage {
  var header: ParquetPageHeader
  var repetition: dsh_run_length
  var definition: dsh_run_length
  var values: UnsafeRawBufferPointer
}

/// The pages of a column, in order.
final class ParquetPages {
  let leaf: ParquetLeaf
  let place: ParquetPlace
  private let codec: ParquetCodec
  private let window: ParquetWindow
  /// Where the next header begins.
  private var offset: Int
  /// The header that was looked at, and where the page behind it begins.
  private var pending: (header: ParquetPageHeader, body: Int)?
  /// The values of the chunk that pages have not accounted for.
  private var valuesLeft: Int
  private let decompressed = MutableBuffer(capacity: 0)
  private var repackedLevels: [MutableBuffer] = []
  /// The dictionary, once a page of it was met.
  private(set) var dictionary: ParquetDictionary?

  init(_ source: ByteSource, _ chunk: ParquetColumnChunk, _ leaf: ParquetLeaf, _ place: ParquetPlace) throws {
    self.leaf = leaf
    self.place = place
    guard let codec = ParquetCodec(rawValue: chunk.codec) else { throw place.unsupported("the compression number \(chunk.codec)") }
    guard codec != .lzo else { throw place.unsupported("LZO compression") }
    self.codec = codec
    window = ParquetWindow(source, chunk.start..<chunk.start + chunk.compressedBytes, place)
    offset = chunk.start
    valuesLeft = chunk.valueCount
  }

  var bytesRead: Int { window.bytesRead }

  /// The header of the next data page; nil behind the last. Dictionaries are read on the way.
  func next() throws -> ParquetPageHeader? {
    while pending == nil, valuesLeft > 0 {
      let (header, body) = try readHeader()
      switch header.kind {
      case .data, .dataV2:
        guard header.valueCount <= valuesLeft else { throw place.damaged("its pages have more values than the column") }
        pending = (header, body)
      case .dictionary:
        guard dictionary == nil else { throw place.damaged("the column has two dictionaries") }
        dictionary = try ParquetDictionary(header, bytes: decompress(header, at: body), leaf: leaf, place)
        offset = body + header.compressedBytes
      case .index, nil: offset = body + header.compressedBytes
      }
    }
    return pending?.header
  }

  /// Passes over the page whose header `next` gave.
  func pass() {
    guard let (header, body) = pending else { return }
    valuesLeft -= header.valueCount
    offset = body + header.compressedBytes
    pending = nil
  }

  /// The page whose header `next` gave.
  func read() throws -> ParquetPage {
    guard let (header, body) = pending else { preconditionFailure("a page that was looked at") }
    defer { pass() }
    repackedLevels = []
    return header.kind == .dataV2 ? try readV2(header, body) : try readV1(header, body)
  }

  private func readHeader() throws -> (ParquetPageHeader, body: Int) {
    var tried = 256
    while true {
      let there = window.range.upperBound - offset
      guard there > 0 else { throw place.damaged("its pages have fewer values than the column") }
      do {
        let bytes = try window.bytes(at: offset, count: min(tried, there))
        var reader = ThriftReader(bytes)
        let header = try ParquetPageHeader(from: &reader)
        let body = offset + reader.position
        guard header.compressedBytes <= window.range.upperBound - body else { throw place.damaged("a page goes on behind its column") }
        guard header.uncompressedBytes <= ParquetCodec.pageLimitBytes else {
          throw place.tooLarge("a page", limit: ParquetCodec.pageLimitBytes)
        }
        return (header, body)
      } catch let failure as ThriftFailure {
        guard failure.isCutShort, tried < there, tried < ParquetPageHeader.limitBytes else {
          throw place.damaged("the header of a page", failure)
        }
        tried *= 8
      }
    }
  }

  // MARK: Bodies

  private func compressedBytes(_ header: ParquetPageHeader, at body: Int) throws -> UnsafeRawBufferPointer {
    let bytes = try window.bytes(at: body, count: header.compressedBytes)
    if let checksum = header.checksum {
      let found = crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
      guard UInt32(truncatingIfNeeded: found) == checksum else { throw place.damaged("the checksum of a page is wrong") }
    }
    return bytes
  }

  private func decompress(_ header: ParquetPageHeader, at body: Int) throws -> UnsafeRawBufferPointer {
    try decompress(try compressedBytes(header, at: body), to: header.uncompressedBytes)
  }

  private func decompress(_ bytes: UnsafeRawBufferPointer, to count: Int) throws -> UnsafeRawBufferPointer {
    if codec == .uncompressed {
      guard bytes.count == count else { throw place.damaged("a page that is not compressed has two sizes") }
      return bytes
    }
    guard ParquetCodec.isPlausible(count, from: bytes.count) else {
      throw place.damaged("a page of \(bytes.count) bytes would become \(count)")
    }
    decompressed.byteCount = 0
    decompressed.reserve(count)
    let room = UnsafeMutableRawBufferPointer(start: decompressed.start, count: count)
    guard codec.decompress(bytes, into: room) else { throw place.damaged("a page can't be decompressed") }
    return UnsafeRawBufferPointer(room)
  }

  private func readV1(_ header: ParquetPageHeader, _ body: Int) throws -> ParquetPage {
    var rest = try decompress(header, at: body)
    let repetition = try takeLevels(&rest, leaf.maximumRepetition, header.repetitionEncoding, header.valueCount)
    let definition = try takeLevels(&rest, leaf.maximumDefinition, header.definitionEncoding, header.valueCount)
    return ParquetPage(header: header, repetition: repetition, definition: definition, values: rest)
  }

  private func readV2(_ header: ParquetPageHeader, _ body: Int) throws -> ParquetPage {
    let bytes = try compressedBytes(header, at: body)
    let (levels, overflow) = header.repetitionBytes.addingReportingOverflow(header.definitionBytes)
    guard !overflow, levels <= bytes.count, levels <= header.uncompressedBytes else {
      throw place.damaged("the levels of a page go on behind it")
    }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[levels...])
    var values = rest
    // Nothing is not compressed, whatever is said.
    if header.isCompressed, codec != .uncompressed, !(rest.isEmpty && header.uncompressedBytes == levels) {
      values = try decompress(rest, to: header.uncompressedBytes - levels)
    }
    return ParquetPage(
      header: header, repetition: runs(UnsafeRawBufferPointer(rebasing: bytes[..<header.repetitionBytes]), leaf.maximumRepetition),
      definition: runs(UnsafeRawBufferPointer(rebasing: bytes[header.repetitionBytes..<levels]), leaf.maximumDefinition), values: values)
  }

  private func runs(_ bytes: UnsafeRawBufferPointer, _ maximum: Int) -> dsh_run_length {
    var runs = dsh_run_length()
    guard let base = bytes.baseAddress else { return runs }
    dsh_run_length_begin(&runs, base.assumingMemoryBound(to: UInt8.self), bytes.count, Self.width(of: maximum))
    return runs
  }

  /// The bits of a level.
  static func width(of maximum: Int) -> UInt32 { UInt32(Int.bitWidth - maximum.leadingZeroBitCount) }

  /// Takes levels from the front of a page of the first version.
  private func takeLevels(_ rest: inout UnsafeRawBufferPointer, _ maximum: Int, _ encoding: ParquetEncoding, _ count: Int) throws
    -> dsh_run_length
  {
    if maximum == 0 { return dsh_run_length() }
    if encoding == .bitPacked { return try takePackedLevels(&rest, maximum, count) }
    guard encoding == .runLength else { throw place.damaged("levels have an encoding that is none for them") }
    guard rest.count >= 4 else { throw place.damaged("a page is cut short in its levels") }
    let length = Int(UInt32(littleEndian: rest.loadUnaligned(as: UInt32.self)))
    guard length <= rest.count - 4 else { throw place.damaged("the levels of a page go on behind it") }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest[(4 + length)...]) }
    return runs(UnsafeRawBufferPointer(rebasing: rest[4..<4 + length]), maximum)
  }

  /// Levels of the oldest kind: packed with the highest bit first. They are packed anew as the others are.
  private func takePackedLevels(_ rest: inout UnsafeRawBufferPointer, _ maximum: Int, _ count: Int) throws -> dsh_run_length {
    let width = Int(Self.width(of: maximum))
    let byteCount = (count * width + 7) / 8
    guard byteCount <= rest.count else { throw place.damaged("a page is cut short in its levels") }
    let packed = MutableBuffer(capacity: byteCount + 16)
    var header = UInt64(((count + 7) / 8) << 1 | 1)
    while header >= 0x80 {
      packed.append(UInt8(truncatingIfNeeded: header) | 0x80)
      header >>= 7
    }
    packed.append(UInt8(header))
    let start = packed.byteCount
    packed.appendZeros((count + 7) / 8 * width)
    let bits = packed.pointer(to: UInt8.self) + start
    for value in 0..<count {
      for bit in 0..<width {
        let from = value * width + bit
        guard rest[from / 8] & (0x80 >> UInt8(from % 8)) != 0 else { continue }
        let to = value * width + width - 1 - bit
        bits[to / 8] |= 1 << UInt8(to % 8)
      }
    }
    rest = UnsafeRawBufferPointer(rebasing: rest[byteCount...])
    repackedLevels.append(packed)
    return runs(UnsafeRawBufferPointer(start: packed.start, count: packed.byteCount), maximum)
  }
}
