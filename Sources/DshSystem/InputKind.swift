// How the bytes behind a path can be read: at any place and by anybody, or once and in order.
import CDshSystem
import DshDiagnostics
import Glibc

/// What reading a path means.
public enum InputKind: Sendable, Hashable {
  /// A file that whoever opens the path can read at any place, empty ones included.
  case file(path: String)
  case folder
  /// Bytes that come once: a pipe, a device, an inherited descriptor.
  case stream
  /// A file without a size, such as those under `/proc`: made anew whenever it is opened.
  case generated

  /// - Throws: what looking at the file throws.
  public init(of path: String) throws(Diagnostic) {
    if let number = ownDescriptor(of: path) {
      self = try Self.inherited(number, path)
      return
    }
    let status = try FileStatus(path: path)
    switch status.kind {
    case .folder: self = .folder
    case .pipe, .other: self = .stream
    case .file where status.sizeBytes > 0 || RemoteScheme(of: path) != nil: self = .file(path: path)
    case .file:
      let file = try ReadableFile(path: path)
      let isEmpty = try unsafe withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte -> Result<Bool, Diagnostic> in
        do throws(Diagnostic) { return .success(try unsafe file.read(into: byte, at: 0) == 0) } catch { return .failure(error) }
      }.get()
      self = isEmpty ? .file(path: path) : .generated
    }
  }

  /// A descriptor that this process was started with; one that it opened itself is nobody's business.
  private static func inherited(_ number: Int32, _ path: String) throws(Diagnostic) -> InputKind {
    let flags = fcntl(number, F_GETFD)
    guard flags >= 0, flags & FD_CLOEXEC == 0 else { throw systemError(ENOENT, doing: "find the file", path: path) }
    let status = try FileStatus(descriptor: number, path: path)
    if status.kind == .folder { return .folder }
    // A file that was redirected is read like any other, if nobody has read from it yet and it still has its name.
    guard status.kind == .file, lseek(number, 0, SEEK_CUR) == 0, let name = readLink("/proc/self/fd/\(number)"),
      let named = try? FileStatus(path: name), named.isSameFile(as: status)
    else { return .stream }
    return try InputKind(of: name)
  }
}

/// Opens a path to be read once and in order. Opening a pipe does not wait for its writer, reading does.
public func openStream(_ path: String) throws(Diagnostic) -> Descriptor {
  if let copy = try remoteStream(path) { return copy }
  if let number = ownDescriptor(of: path) {
    return Descriptor(owning: try checked("open the file", path: path) { dsh_duplicate(number) })
  }
  return Descriptor(owning: try checked("open the file", path: path) { dsh_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0) })
}
