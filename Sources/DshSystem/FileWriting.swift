// Writing bytes to descriptors, all of them or with an error.
import CDshSystem
import DshDiagnostics
import Glibc

/// Writes all bytes to a descriptor, such as 1 for standard output.
///
/// - Throws: `broken-pipe` if nobody reads any more.
public func writeAll(_ bytes: UnsafeRawBufferPointer, to number: Int32, path: String? = nil) throws(Diagnostic) {
  var written = 0
  while written < bytes.count, let base = bytes.baseAddress {
    let done = written
    let (count, error) = retried { unsafe write(number, base + done, bytes.count - done) }
    if count >= 0 {
      written += count
    } else if error == EAGAIN {
      // Somebody else's terminal or pipe may be nonblocking: wait until it takes more.
      var entries = [PollEntry(number, waitsForWriting: true)]
      try poll(&entries, milliseconds: -1)
    } else {
      throw systemError(error, doing: path == nil ? "write the output" : "write the file", path: path)
    }
  }
}

/// Writes all bytes to a descriptor, such as 1 for standard output.
///
/// - Throws: `broken-pipe` if nobody reads any more.
public func writeAll(_ bytes: [UInt8], to number: Int32, path: String? = nil) throws(Diagnostic) {
  // The error goes around the closure: Swift 6.3.1 can't compile a typed error that passes through `withUnsafeBytes`.
  var failure: Diagnostic?
  unsafe bytes.withUnsafeBytes { buffer in
    do throws(Diagnostic) { try unsafe writeAll(buffer, to: number, path: path) } catch { failure = error }
  }
  if let failure { throw failure }
}
