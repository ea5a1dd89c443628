// The compression of pages, by the libraries behind `CCodecs`.
import CCodecs
import DshDiagnostics

/// A `CompressionCodec` of `parquet.thrift`.
enum ParquetCodec: Int {
  case uncompressed = 0
  case snappy
  case gzip
  case lzo
  case brotli
  /// Frames as Hadoop writes them, or what writers took for it.
  case lz4
  case zstd
  case lz4Raw

  /// No page is larger, and none grows by more than this when it is decompressed: a page of zeros of the densest codecs does not.
  static let pageLimitBytes = 512 << 20

  /// Whether so many bytes can come of so few: asked before room is made for them.
  static func isPlausible(_ uncompressed: Int, from compressed: Int) -> Bool {
    uncompressed <= pageLimitBytes && uncompressed / (1 << 18) <= compressed
  }

  /// Decompresses to exactly the room that is given; false if that is not what the bytes hold.
  func decompress(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
    guard let from = source.baseAddress, let to = target.baseAddress else { return target.isEmpty }
    switch self {
    case .uncompressed:
      guard source.count == target.count else { return false }
      target.copyMemory(from: source)
      return true
    case .snappy:
      var length = target.count
      let status = snappy_uncompress(
        from.assumingMemoryBound(to: CChar.self), source.count, to.assumingMemoryBound(to: CChar.self), &length)
      return status == SNAPPY_OK && length == target.count
    case .gzip: return inflate(source, into: target)
    case .lzo: return false
    case .brotli:
      var length = target.count
      let result = BrotliDecoderDecompress(
        source.count, from.assumingMemoryBound(to: UInt8.self), &length, to.assumingMemoryBound(to: UInt8.self))
      return result == BROTLI_DECODER_RESULT_SUCCESS && length == target.count
    case .zstd: return ZSTD_decompress(to, target.count, from, source.count) == target.count
    case .lz4Raw: return lz4Block(source, into: target)
    case .lz4: return hadoopBlocks(source, into: target) || lz4Frame(source, into: target) || lz4Block(source, into: target)
    }
  }

  /// One or several members of gzip, or what zlib makes.
  private func inflate(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
    var stream = z_stream()
    // 32 beside the largest window: the header tells whether it is gzip or zlib.
    guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return false }
    defer { inflateEnd(&stream) }
    guard source.count <= Int(UInt32.max), target.count <= Int(UInt32.max) else { return false }
    stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(source.count)
    stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(target.count)
    while true {
      let status = CCodecs.inflate(&stream, Z_FINISH)
      if status == Z_STREAM_END, stream.avail_out == 0 { return true }
      guard status == Z_STREAM_END, stream.avail_in > 0, inflateReset(&stream) == Z_OK else { return false }
    }
  }

  private func lz4Block(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
    guard source.count <= Int(Int32.max), target.count <= Int(Int32.max) else { return false }
    return LZ4_decompress_safe(
      source.baseAddress?.assumingMemoryBound(to: CChar.self), target.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(source.count),
      Int32(target.count)) == Int32(target.count)
  }

  /// Blocks behind two lengths of four bytes each, the higher byte first: that of the result, and that of the block.
  private func hadoopBlocks(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
    var (from, to) = (0, 0)
    while from < source.count {
      guard source.count - from >= 8 else { return false }
      let result = Int(UInt32(bigEndian: source.loadUnaligned(fromByteOffset: from, as: UInt32.self)))
      let block = Int(UInt32(bigEndian: source.loadUnaligned(fromByteOffset: from + 4, as: UInt32.self)))
      from += 8
      guard block <= source.count - from, result <= target.count - to else { return false }
      if result > 0 {
        guard
          lz4Block(
            UnsafeRawBufferPointer(rebasing: source[from..<from + block]),
            into: UnsafeMutableRawBufferPointer(rebasing: target[to..<to + result]))
        else { return false }
      }
      from += block
      to += result
    }
    return to == target.count
  }

  private func lz4Frame(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else { return false }
    defer { LZ4F_freeDecompressionContext(context) }
    var (read, written) = (source.count, target.count)
    let left = LZ4F_decompress(context, target.baseAddress, &written, source.baseAddress, &read, nil)
    return left == 0 && written == target.count && read == source.count
  }
}
