// The .xz file format, with liblzma.
import CCodecs

final class XZDecompressor: Decompressor {
  private let stream: UnsafeMutablePointer<lzma_stream>

  /// Dictionaries of the highest level take 64 MiB; more is asked for by hand only.
  private static let memoryLimitBytes: UInt64 = 512 << 20

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: lzma_stream())
  }

  deinit {
    lzma_end(stream)
    stream.deallocate()
  }

  func begin() throws(CodecFailure) {
    guard lzma_stream_decoder(stream, Self.memoryLimitBytes, 0) == LZMA_OK else { throw .noMemory }
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecFailure) -> DecompressorStep {
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = input.count
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = output.count
    let result = lzma_code(stream, LZMA_RUN)
    switch result {
    case LZMA_OK, LZMA_STREAM_END, LZMA_BUF_ERROR: break
    case LZMA_FORMAT_ERROR: throw CodecFailure("not xz data")
    case LZMA_MEM_ERROR: throw .noMemory
    case LZMA_MEMLIMIT_ERROR: throw CodecFailure("its dictionary takes more than \(Self.memoryLimitBytes >> 20) MiB")
    case LZMA_OPTIONS_ERROR: throw CodecFailure("it uses options that are not known")
    default: throw CodecFailure("a checksum or a code is wrong")
    }
    return DecompressorStep(
      consumed: input.count - stream.pointee.avail_in, produced: output.count - stream.pointee.avail_out, isEnd: result == LZMA_STREAM_END)
  }
}

/// The level that xz takes by itself.
private let xzLevel: UInt32 = 6

func xzMember(of bytes: UnsafeRawBufferPointer) throws(CodecFailure) -> [UInt8] {
  let output = UnsafeMutableRawBufferPointer.allocate(byteCount: lzma_stream_buffer_bound(bytes.count), alignment: 16)
  defer { output.deallocate() }
  var written = 0
  let result = lzma_easy_buffer_encode(
    xzLevel, LZMA_CHECK_CRC64, nil, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
    output.baseAddress?.assumingMemoryBound(to: UInt8.self), &written, output.count)
  guard result == LZMA_OK else { throw .noMemory }
  return Array(output[..<written])
}
