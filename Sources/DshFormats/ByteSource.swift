// A file that is read by position, without mapping it.
import DshDiagnostics
import Glibc

/// An open regular file.
///
/// Bytes are copied out with `pread`: a mapping would end the process if somebody cut the file short meanwhile. The size is that
/// at the time of opening; what is appended later does not exist for this source. `@unchecked Sendable`: all state is immutable
/// and `pread` has no position of its own.
public final class ByteSource: @unchecked Sendable {
  public let path: String
  public let sizeBytes: Int
  private let descriptor: Int32

  /// Opens a file; throws `file-not-found`, `not-a-file`, `permission-denied` or `read-failed`.
  public init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw Self.failure(path, code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Diagnostic("not-a-file", .user, "not a regular file: \(path)")
    }
    self.path = path
    self.descriptor = descriptor
    sizeBytes = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads up to `count` bytes from `offset`; fewer only at the end of the file.
  public func read(into target: UnsafeMutableRawPointer, at offset: Int, count: Int) throws -> Int {
    let wanted = min(count, sizeBytes - offset)
    var done = 0
    while done < wanted {
      let got = pread(descriptor, target + done, wanted - done, offset + done)
      if got == 0 { break }
      if got > 0 {
        done += got
      } else if errno != EINTR {
        throw Self.failure(path, errno)
      }
    }
    return max(0, done)
  }

  /// Reads a part of the file as an array; shorter only at the end of the file.
  public func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    let available = max(0, min(count, sizeBytes - offset))
    return try [UInt8](unsafeUninitializedCapacity: available) { buffer, used in
      guard let base = buffer.baseAddress, available > 0 else { return }
      used = try read(into: UnsafeMutableRawPointer(base), at: offset, count: available)
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> Diagnostic {
    switch code {
    case ENOENT, ENOTDIR: Diagnostic("file-not-found", .user, "no such file: \(path)")
    case EACCES, EPERM: Diagnostic("permission-denied", .environment, "not allowed to read: \(path)")
    case EISDIR: Diagnostic("not-a-file", .user, "not a regular file: \(path)")
    default: Diagnostic("read-failed", .environment, "cannot read: \(path): \(String(cString: strerror(code)))")
    }
  }
}
