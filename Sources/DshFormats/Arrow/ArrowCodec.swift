// Buffers of record batches that are compressed one by one (BodyCompression of Message.fbs).
import CCodecs
import DshColumns
import DshDiagnostics

/// How the buffers of a batch are compressed.
enum ArrowCodec: Int8 {
  case lz4Frame = 0
  case zstd = 1

  /// No buffer becomes larger: a column of a batch stays below 2 GiB.
  private static let limitBytes = Int64(Int32.max)
  /// How much a buffer can grow at most: what comes of a run of zeros with the densest codec.
  private static let greatestRatio: Int64 = 1 << 18

  /// - Parameter table: a table `BodyCompression`.
  init(_ table: FlatTable) throws(ArrowMistake) {
    let code = try table.number(0, Int8.self)
    guard let codec = ArrowCodec(rawValue: code), try table.number(1, Int8.self) == 0 else {
      throw ArrowMistake("no kind of compression has the number \(code)")
    }
    self = codec
  }

  /// The bytes behind a length of 64 bits, or as they are if that is -1.
  func decompress(_ stored: Buffer) throws(ArrowMistake) -> Buffer {
    if stored.byteCount == 0 { return stored }
    guard stored.byteCount >= 8 else { throw ArrowMistake("a compressed buffer is cut short") }
    let length = Int64(littleEndian: stored.address.loadUnaligned(as: Int64.self))
    let content = stored.slice(from: 8, byteCount: stored.byteCount - 8)
    let target = MutableBuffer(capacity: 0)
    if length == -1 {
      target.append(content)
      return target.freeze()
    }
    guard 0...Self.limitBytes ~= length, length / Self.greatestRatio <= Int64(content.byteCount) else {
      throw ArrowMistake("a compressed buffer of \(length) bytes")
    }
    target.reserve(Int(length))
    guard decompress(content, to: target.start, Int(length)) else { throw ArrowMistake("a compressed buffer is damaged") }
    target.byteCount = Int(length)
    return target.freeze()
  }

  private func decompress(_ content: Buffer, to target: UnsafeMutableRawPointer, _ byteCount: Int) -> Bool {
    switch self {
    case .zstd: return ZSTD_decompress(target, byteCount, content.address, content.byteCount) == byteCount
    case .lz4Frame:
      var context: OpaquePointer?
      guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else { return false }
      defer { LZ4F_freeDecompressionContext(context) }
      var (read, written) = (0, 0)
      while read < content.byteCount {
        var (taken, given) = (content.byteCount - read, byteCount - written)
        let hint = LZ4F_decompress(context, target + written, &given, content.address + read, &taken, nil)
        if LZ4F_isError(hint) != 0 { return false }
        read += taken
        written += given
        if hint == 0 { return written == byteCount && read == content.byteCount }
        if taken == 0 && given == 0 { return false }
      }
      return false
    }
  }

  /// A buffer as it is stored: compressed behind its length, or as it is where that takes no more room.
  func compress(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.isEmpty { return [] }
    let bound = self == .zstd ? ZSTD_compressBound(bytes.count) : LZ4F_compressFrameBound(bytes.count, nil)
    let header = withUnsafeBytes(of: Int64(bytes.count).littleEndian) { Array($0) }
    let compressed = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      let size = bytes.withUnsafeBytes { source in
        self == .zstd
          ? ZSTD_compress(target.baseAddress, bound, source.baseAddress, source.count, Self.zstdLevel)
          : LZ4F_compressFrame(target.baseAddress, bound, source.baseAddress, source.count, nil)
      }
      let failed = self == .zstd ? ZSTD_isError(size) != 0 : LZ4F_isError(size) != 0
      count = failed ? 0 : size
    }
    guard !compressed.isEmpty, compressed.count < bytes.count else {
      return withUnsafeBytes(of: Int64(-1).littleEndian) { Array($0) } + bytes
    }
    return header + compressed
  }

  /// The level that zstd itself takes for usual.
  private static let zstdLevel: Int32 = 3
}
