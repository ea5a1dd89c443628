// The LZ4 frame format, with liblz4.
import CCodecs

final class LZ4Decompressor: Decompressor {
  private var context: OpaquePointer?

  deinit { LZ4F_freeDecompressionContext(context) }

  func begin() throws(CodecFailure) {
    if let context { return LZ4F_resetDecompressionContext(context) }
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else { throw .noMemory }
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecFailure) -> DecompressorStep {
    var (consumed, produced) = (input.count, output.count)
    let result = LZ4F_decompress(context, output.baseAddress, &produced, input.baseAddress, &consumed, nil)
    guard LZ4F_isError(result) == 0 else { throw CodecFailure(String(cString: LZ4F_getErrorName(result))) }
    return DecompressorStep(consumed: consumed, produced: produced, isEnd: result == 0)
  }
}

func lz4Member(of bytes: UnsafeRawBufferPointer) throws(CodecFailure) -> [UInt8] {
  var preferences = LZ4F_preferences_t()
  preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
  preferences.frameInfo.contentSize = UInt64(bytes.count)
  let output = UnsafeMutableRawBufferPointer.allocate(byteCount: LZ4F_compressFrameBound(bytes.count, &preferences), alignment: 16)
  defer { output.deallocate() }
  let written = LZ4F_compressFrame(output.baseAddress, output.count, bytes.baseAddress, bytes.count, &preferences)
  guard LZ4F_isError(written) == 0 else { throw CodecFailure(String(cString: LZ4F_getErrorName(written))) }
  return Array(output[..<written])
}
