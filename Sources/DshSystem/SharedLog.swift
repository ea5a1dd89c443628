// Files that several processes append to.
import CDshSystem
import DshDiagnostics
import Glibc

/// Appends bytes to a file in one piece, whoever else appends at the same time; makes the file, readable by its owner alone.
public func appendToSharedFile(_ bytes: [UInt8], path: String) throws(Diagnostic) {
  let descriptor = Descriptor(owning: try checked("open the file", path: path) { dsh_open(path, O_RDWR | O_APPEND | O_CREAT, 0o600) })
  let number = descriptor.number
  // Without the lock a long entry could be split by another's on some file systems. It goes with the descriptor.
  try checked("lock the file", path: path) { lockf(number, F_LOCK, 0) }
  // An editor may have left the last line without its end.
  var last: UInt8 = 10
  let size = lseek(number, 0, SEEK_END)
  let startsLine = unsafe size <= 0 || pread(number, &last, 1, size - 1) != 1 || last == 10
  try writeAll(startsLine ? bytes : [10] + bytes, to: number, path: path)
}
