// gzip (RFC 1952), with zlib.
import CCodecs

/// zlib counts bytes in 32 bits, so that more is given to it in pieces.
private let pieceLimitBytes = 1 << 30

/// 15 bits of window, and the header and checksum of gzip instead of zlib's.
private let gzipWindowBits: Int32 = 15 + 16

final class GzipDecompressor: Decompressor {
  /// The library keeps the address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isInitialised = false

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
  }

  deinit {
    if isInitialised { inflateEnd(stream) }
    stream.deallocate()
  }

  func begin() throws(CodecFailure) {
    let result =
      isInitialised ? inflateReset(stream) : inflateInit2_(stream, gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard result == Z_OK else { throw .noMemory }
    isInitialised = true
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecFailure) -> DecompressorStep {
    let (given, room) = (min(input.count, pieceLimitBytes), min(output.count, pieceLimitBytes))
    // The library does not write to what it reads.
    stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(given)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let result = inflate(stream, Z_NO_FLUSH)
    // Nothing to do is no mistake.
    guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
      throw CodecFailure(stream.pointee.msg.map { String(cString: $0) } ?? (result == Z_MEM_ERROR ? "out of memory" : "not gzip data"))
    }
    return DecompressorStep(
      consumed: given - Int(stream.pointee.avail_in), produced: room - Int(stream.pointee.avail_out), isEnd: result == Z_STREAM_END)
  }
}

/// The level that gzip takes by itself.
private let gzipLevel: Int32 = 6

func gzipMember(of bytes: UnsafeRawBufferPointer) throws(CodecFailure) -> [UInt8] {
  let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  stream.initialize(to: z_stream())
  defer { stream.deallocate() }
  let began = deflateInit2_(
    stream, gzipLevel, Z_DEFLATED, gzipWindowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  guard began == Z_OK else { throw .noMemory }
  defer { deflateEnd(stream) }
  let output = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(deflateBound(stream, UInt(bytes.count))), alignment: 16)
  defer { output.deallocate() }
  var (read, written) = (0, 0)
  while true {
    let (given, room) = (min(bytes.count - read, pieceLimitBytes), min(output.count - written, pieceLimitBytes))
    stream.pointee.next_in = (bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0 + read) })?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(given)
    stream.pointee.next_out = (output.baseAddress.map { $0 + written })?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let result = deflate(stream, given == bytes.count - read ? Z_FINISH : Z_NO_FLUSH)
    read += given - Int(stream.pointee.avail_in)
    written += room - Int(stream.pointee.avail_out)
    if result == Z_STREAM_END { return Array(output[..<written]) }
    guard result == Z_OK, written < output.count else { throw .noMemory }
  }
}
