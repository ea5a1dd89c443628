// Files for writing: whole or not at all, never over an existing file unless that was asked for.
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
    let (count, error) = retried { write(number, base + done, bytes.count - done) }
    if count >= 0 {
      written += count
    } else if error == EAGAIN {
      // Somebody else's terminal or pipe may be nonblocking: wait until it takes more.
      var entries = [PollEntry(number, waitsForWriting: true)]
      poll(&entries, milliseconds: -1)
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
  bytes.withUnsafeBytes { buffer in
    do throws(Diagnostic) { try writeAll(buffer, to: number, path: path) } catch { failure = error }
  }
  if let failure { throw failure }
}

/// A file that appears under its name only when it is complete. Until then it has no name at all where the file system can do that, so
/// that nothing is left behind whatever happens. Devices and pipes are written directly.
public final class NewFile {
  public let path: String
  private let descriptor: Descriptor
  private let kind: Kind
  private var isCommitted = false

  private enum Kind: Equatable {
    case nameless
    case named(temporary: String)
    case existing
  }

  /// - Parameter replace: whether an existing file may be replaced.
  /// - Throws: `file-exists` at once if it may not.
  public init(path: String, replace: Bool) throws(Diagnostic) {
    self.path = path
    self.replace = replace
    if let status = try? FileStatus(path: path) {
      if status.kind == .folder { throw systemError(EISDIR, doing: "write the file", path: path) }
      if status.kind != .file {
        kind = .existing
        descriptor = Descriptor(owning: try checked("open the file", path: path) { dsh_open(path, O_WRONLY, 0) })
        return
      }
      if !replace { throw systemError(EEXIST, doing: "write the file", path: path) }
    }
    let folder = Self.folder(of: path)
    let number = retried { dsh_open_nameless(folder, 0o666) }.result
    if number >= 0 {
      kind = .nameless
      descriptor = Descriptor(owning: number)
      return
    }
    let temporary = Self.temporaryName(for: path)
    kind = .named(temporary: temporary)
    descriptor = Descriptor(
      owning: try checked("make the file", path: path) { dsh_open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o666) })
  }

  private let replace: Bool

  deinit {
    if !isCommitted, case .named(let temporary) = kind { unlink(temporary) }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func temporaryName(for path: String) -> String { "\(path).\(getpid()).partial" }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) { try writeAll(bytes, to: descriptor.number, path: path) }

  public func write(_ bytes: [UInt8]) throws(Diagnostic) { try writeAll(bytes, to: descriptor.number, path: path) }

  /// Gives the complete file its name.
  ///
  /// - Throws: `file-exists` if a file of that name has come up meanwhile and may not be replaced.
  public func commit() throws(Diagnostic) {
    precondition(!isCommitted, "a file is committed once: \(path)")
    switch kind {
    case .existing: break
    case .named(let temporary):
      try checked("name the file", path: path) { dsh_rename(temporary, path, replace ? 1 : 0) }
    case .nameless:
      let (result, error) = retried { dsh_give_name(descriptor.number, path) }
      if result < 0 {
        guard error == EEXIST && replace else { throw systemError(error, doing: "name the file", path: path) }
        let temporary = Self.temporaryName(for: path)
        try checked("name the file", path: path) { dsh_give_name(descriptor.number, temporary) }
        try checked("name the file", path: path) { dsh_rename(temporary, path, 1) }
      }
    }
    isCommitted = true
  }
}
