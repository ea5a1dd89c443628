// A file without a name that grows as it is written at any place, and gives back what nobody needs any more.
import CDshSystem
import DshDiagnostics
import Glibc

/// Bytes on disk that nobody finds by a name: gone with the last process that has the file open, however that ends.
public struct NamelessFile: ~Copyable, Sendable {
  public let descriptor: Descriptor
  /// The folder whose file system the bytes are on.
  private let folder: String

  /// - Throws: what making a file there can throw.
  public init(in folder: String) throws(Diagnostic) {
    descriptor = Descriptor(owning: try namelessFile(in: folder))
    self.folder = folder
  }

  /// Where such files lie unless a person says otherwise: `TMPDIR`, or `/tmp`.
  public static var usualFolder: String { environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp" }

  /// Where large ones lie unless a person says otherwise: `TMPDIR`, or `/var/tmp`, as `/tmp` is in memory on many machines (file-hierarchy(7)).
  public static var usualFolderOfLarge: String {
    environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? (fileExists("/var/tmp") ? "/var/tmp" : "/tmp")
  }

  /// How much could be written to a folder at the moment; any number where the system does not say.
  public static func freeBytes(in folder: String) -> Int {
    var status = statvfs()
    guard unsafe statvfs(folder, &status) == 0 else { return .max }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }

  /// A descriptor through which nobody can write, for other processes.
  public borrowing func readOnlyDescriptor() throws(Diagnostic) -> Descriptor {
    try descriptor.reopenedForReading("reopen a file without a name for reading")
  }

  /// Writes all bytes at a place.
  ///
  /// - Throws: `disk-full` and what else writing can throw; what was written by then is of no use.
  public borrowing func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(Diagnostic) {
    let number = descriptor.number
    var written = 0
    while written < bytes.count, let base = bytes.baseAddress {
      let done = written
      let (count, error) = retried { unsafe pwrite(number, base + done, bytes.count - done, off_t(offset + done)) }
      guard count > 0 else { throw systemError(count == 0 ? EIO : error, doing: "write to disk", path: folder) }
      written += count
    }
  }

  /// Gives the space of a range back to the file system.
  public borrowing func discard(_ range: Range<Int>) throws(Diagnostic) {
    let number = descriptor.number
    try checked("give space on disk back", path: folder) { dsh_punch_hole(number, Int64(range.lowerBound), Int64(range.count)) }
  }
}

/// An open file in a folder that has no name in it.
func namelessFile(in folder: String) throws(Diagnostic) -> Int32 {
  let number = retried { dsh_open_nameless(folder, 0o600) }.result
  if number >= 0 { return number }
  // A file system that has no such thing: a name for a moment.
  var template = Array(joinPath(folder, "dsh-XXXXXX").utf8CString)
  let made = try checked("make a file without a name", path: folder) { unsafe mkstemps(&template, 0) }
  unsafe unlink(template)
  _ = fcntl(made, F_SETFD, FD_CLOEXEC)
  return made
}
