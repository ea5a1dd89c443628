// Compresses pages.
import CCodecs
import DshColumns

/// A codec for writing, with what it needs from page to page.
final class ParquetCompression {
  private let codec: ParquetCodec
  private let zstd: OpaquePointer?

  /// Zstandard at its own default: denser levels take several times as long.
  private static let zstdLevel: Int32 = 3
  private static let brotliQuality: Int32 = 5

  init(_ codec: ParquetCodec) {
    self.codec = codec
    zstd = codec == .zstd ? ZSTD_createCCtx() : nil
  }

  deinit { ZSTD_freeCCtx(zstd) }

  func compress(_ source: UnsafeRawBufferPointer) -> MutableBuffer {
    guard let from = source.baseAddress else { return MutableBuffer(capacity: 0) }
    let output: MutableBuffer
    switch codec {
    case .snappy:
      var length = snappy_max_compressed_length(source.count)
      output = MutableBuffer(capacity: length)
      let status = snappy_compress(
        from.assumingMemoryBound(to: CChar.self), source.count, output.pointer(to: CChar.self), &length)
      precondition(status == SNAPPY_OK, "room for a compressed page")
      output.byteCount = length
    case .gzip: output = deflate(source)
    case .brotli:
      var length = BrotliEncoderMaxCompressedSize(source.count) + 1024
      output = MutableBuffer(capacity: length)
      let status = BrotliEncoderCompress(
        Self.brotliQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, source.count, from.assumingMemoryBound(to: UInt8.self), &length,
        output.pointer(to: UInt8.self))
      precondition(status != 0, "room for a compressed page")
      output.byteCount = length
    case .zstd:
      let bound = ZSTD_compressBound(source.count)
      output = MutableBuffer(capacity: bound)
      let length = ZSTD_compressCCtx(zstd, output.start, bound, from, source.count, Self.zstdLevel)
      precondition(ZSTD_isError(length) == 0, "room for a compressed page")
      output.byteCount = length
    case .lz4Raw:
      let bound = LZ4_compressBound(Int32(source.count))
      output = MutableBuffer(capacity: Int(bound))
      output.byteCount = Int(
        LZ4_compress_default(from.assumingMemoryBound(to: CChar.self), output.pointer(to: CChar.self), Int32(source.count), bound))
    case .uncompressed, .lz4, .lzo:
      output = MutableBuffer(capacity: source.count)
      output.append(from, byteCount: source.count)
    }
    return output
  }

  private func deflate(_ source: UnsafeRawBufferPointer) -> MutableBuffer {
    var stream = z_stream()
    // 16 beside the largest window: a header of gzip.
    let begun = deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(begun == Z_OK, "memory to compress with")
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(source.count)))
    let output = MutableBuffer(capacity: bound)
    stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(source.count)
    stream.next_out = output.pointer(to: UInt8.self)
    stream.avail_out = UInt32(bound)
    let status = CCodecs.deflate(&stream, Z_FINISH)
    precondition(status == Z_STREAM_END, "room for a compressed page")
    output.byteCount = bound - Int(stream.avail_out)
    return output
  }
}
