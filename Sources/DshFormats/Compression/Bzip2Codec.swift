// bzip2, with libbz2.
import CCodecs

/// The library counts bytes in 32 bits, so that more is given to it in pieces.
private let pieceLimitBytes = 1 << 30

final class Bzip2Decompressor: Decompressor {
  /// The library keeps the address.
  private let stream: UnsafeMutablePointer<bz_stream>
  private var isInitialised = false

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: bz_stream())
  }

  deinit {
    if isInitialised { BZ2_bzDecompressEnd(stream) }
    stream.deallocate()
  }

  func begin() throws(CodecFailure) {
    if isInitialised { BZ2_bzDecompressEnd(stream) }
    stream.pointee = bz_stream()
    isInitialised = BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK
    if !isInitialised { throw .noMemory }
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecFailure) -> DecompressorStep {
    let (given, room) = (min(input.count, pieceLimitBytes), min(output.count, pieceLimitBytes))
    // The library does not write to what it reads.
    stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?.assumingMemoryBound(to: CChar.self)
    stream.pointee.avail_in = UInt32(given)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
    stream.pointee.avail_out = UInt32(room)
    let result = BZ2_bzDecompress(stream)
    switch result {
    case BZ_OK, BZ_STREAM_END: break
    case BZ_DATA_ERROR_MAGIC: throw CodecFailure("not bzip2 data")
    case BZ_MEM_ERROR: throw .noMemory
    default: throw CodecFailure("a checksum or a code is wrong")
    }
    return DecompressorStep(
      consumed: given - Int(stream.pointee.avail_in), produced: room - Int(stream.pointee.avail_out), isEnd: result == BZ_STREAM_END)
  }
}

/// Hundreds of thousands of bytes of a block, as bzip2 takes them by itself.
private let bzip2BlockSize: Int32 = 9

func bzip2Member(of bytes: UnsafeRawBufferPointer) throws(CodecFailure) -> [UInt8] {
  let stream = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)
  stream.initialize(to: bz_stream())
  defer { stream.deallocate() }
  guard BZ2_bzCompressInit(stream, bzip2BlockSize, 0, 0) == BZ_OK else { throw .noMemory }
  defer { BZ2_bzCompressEnd(stream) }
  let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
  defer { piece.deallocate() }
  var member: [UInt8] = []
  var read = 0
  while true {
    let given = min(bytes.count - read, pieceLimitBytes)
    stream.pointee.next_in = (bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0 + read) })?.assumingMemoryBound(to: CChar.self)
    stream.pointee.avail_in = UInt32(given)
    stream.pointee.next_out = piece.baseAddress?.assumingMemoryBound(to: CChar.self)
    stream.pointee.avail_out = UInt32(piece.count)
    let result = BZ2_bzCompress(stream, given == bytes.count - read ? BZ_FINISH : BZ_RUN)
    read += given - Int(stream.pointee.avail_in)
    member += piece[..<(piece.count - Int(stream.pointee.avail_out))]
    if result == BZ_STREAM_END { return member }
    guard result == BZ_RUN_OK || result == BZ_FINISH_OK else { throw .noMemory }
  }
}
