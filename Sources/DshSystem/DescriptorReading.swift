// Reading what a descriptor has to give right now.
import DshDiagnostics
import Glibc

/// What one read gives, at most `limit` bytes; waits only if there is nothing at all. Empty at the end of the input.
public func readAvailable(_ number: Int32, limit: Int = 1 << 16) throws(Diagnostic) -> [UInt8] {
  while true {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let (result, error) = retried { unsafe read(number, buffer.baseAddress, limit) }
      count = max(0, result)
      failure = error
    }
    if failure == 0 { return bytes }
    guard failure == EAGAIN else { throw systemError(failure, doing: "read the input") }
    // Somebody else may have made it nonblocking.
    var entries = [PollEntry(number)]
    try poll(&entries, milliseconds: -1)
  }
}
