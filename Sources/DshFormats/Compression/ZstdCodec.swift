// Zstandard (RFC 8878), with libzstd.
import CCodecs

final class ZstdDecompressor: Decompressor {
  private let context: OpaquePointer?

  init() { context = ZSTD_createDCtx() }

  deinit { ZSTD_freeDCtx(context) }

  func begin() throws(CodecFailure) {
    guard let context, ZSTD_isError(ZSTD_DCtx_reset(context, ZSTD_reset_session_only)) == 0 else { throw .noMemory }
  }

  /// The library refuses windows of more than 128 MiB, which bounds its memory.
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecFailure) -> DecompressorStep {
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let result = ZSTD_decompressStream(context, &target, &source)
    guard ZSTD_isError(result) == 0 else { throw CodecFailure(String(cString: ZSTD_getErrorName(result))) }
    return DecompressorStep(consumed: source.pos, produced: target.pos, isEnd: result == 0)
  }
}

/// The level that zstd takes by itself.
private let zstdLevel: Int32 = 3

func zstdMember(of bytes: UnsafeRawBufferPointer) throws(CodecFailure) -> [UInt8] {
  guard let context = ZSTD_createCCtx() else { throw .noMemory }
  defer { ZSTD_freeCCtx(context) }
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, zstdLevel)
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  let output = UnsafeMutableRawBufferPointer.allocate(byteCount: ZSTD_compressBound(bytes.count), alignment: 16)
  defer { output.deallocate() }
  let written = ZSTD_compress2(context, output.baseAddress, output.count, bytes.baseAddress, bytes.count)
  guard ZSTD_isError(written) == 0 else { throw CodecFailure(String(cString: ZSTD_getErrorName(written))) }
  return Array(output[..<written])
}
