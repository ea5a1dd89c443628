// A file without a name, for handing bytes to another program.
import CDshSystem
import DshDiagnostics
import Glibc

/// Bytes in a file that nobody finds by a name, gone with the last process that has it open, however that ends.
public final class UnnamedFile {
  private let descriptor: Descriptor

  /// Where other processes of this user can open it as long as this object is there.
  public var path: String { "/proc/\(getpid())/fd/\(descriptor.number)" }

  public init(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
    let folder = NamelessFile.usualFolder
    descriptor = Descriptor(owning: try namelessFile(in: folder))
    try unsafe writeAll(bytes, to: descriptor.number, path: folder)
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
