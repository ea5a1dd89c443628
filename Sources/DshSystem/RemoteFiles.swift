// Files at addresses such as s3://bucket/key: who opens them for this process, and how their bytes are read.
import DshDiagnostics
import Glibc
import Synchronization

/// How an address of a file begins, which is no path.
public enum RemoteScheme: String, CaseIterable, Sendable {
  case s3, gs, hdfs, http, https
  /// Not for persons: a file whose bytes were given to the cluster.
  case shipped

  /// Nil for a path.
  public init?(of path: String) {
    guard let found = Self.allCases.first(where: { path.utf8.starts(with: "\($0.rawValue)://".utf8) }) else { return nil }
    self = found
  }

  /// Whether a person may write it.
  public var isTyped: Bool { self != .shipped }
}

/// Opens files at addresses. Reading may be asked for by several threads at once where tasks run; else by one.
public protocol RemoteFiles: AnyObject, Sendable {
  /// What is known of a file or folder now; nil if there is nothing.
  func status(of address: String) throws(Diagnostic) -> FileStatus?
  /// The entries of a folder, in any order.
  func entries(of folder: String) throws(Diagnostic) -> [FolderEntry]
  /// Reads into `bytes` from a position until they are full or the file ends; how many bytes were read.
  func read(_ address: String, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(Diagnostic) -> Int
  /// Gives a file of this machine to the cluster, whose tasks may run where its path means nothing; the address it has there.
  func ship(_ path: String, _ identity: FileIdentity) throws(Diagnostic) -> String
}

/// Who opens files at addresses for this process: the cluster of the shell, or whoever runs a task.
public enum RemoteFileAccess {
  private static let opener = Mutex<(any RemoteFiles)?>(nil)
  private static let interruption = Mutex<Int32?>(nil)

  /// Gets readable when whoever waits for a file does not want it any more.
  public static var cancellation: Int32? {
    get { interruption.withLock { $0 } }
    set { interruption.withLock { $0 = newValue } }
  }

  /// Nil where there is nobody.
  public static var current: (any RemoteFiles)? { opener.withLock { $0 } }

  /// - Parameter files: nil if there is nobody any more.
  public static func use(_ files: (any RemoteFiles)?) { opener.withLock { $0 = files } }

  /// Who opens an address; nil for a path.
  ///
  /// - Throws: `remote-file` if nobody does.
  static func opener(of path: String) throws(Diagnostic) -> (any RemoteFiles)? {
    guard let scheme = RemoteScheme(of: path) else { return nil }
    if let current { return current }
    throw Diagnostic(
      .remoteFile, "files at \(scheme.rawValue):// are read through Ray, and this shell works without it",
      suggestion: "dsh --cluster ray")
  }
}

/// The error for a file that could not be read.
///
/// - Parameter reason: a line of whoever tried.
public func remoteFailure(_ address: String, _ reason: String) -> Diagnostic {
  Diagnostic(.remoteFile, "can't read \(address)", notes: reason.isEmpty ? [] : [reason])
}

/// Throws `remote-file` if a path is an address.
func refuseWriting(to path: String) throws(Diagnostic) {
  guard let scheme = RemoteScheme(of: path) else { return }
  throw Diagnostic(.remoteFile, "nothing is written to \(scheme.rawValue)://", suggestion: "write to a folder, and copy it from there")
}

/// An open file at an address. Small parts are read ahead, as each question costs a way through the network.
public final class RemoteFile: Sendable {
  private let address: String
  private let files: any RemoteFiles
  public let status: FileStatus
  private let ahead = Mutex((start: 0, bytes: [UInt8]()))

  /// What one question brings at least: at 50 ms for each it is 80 MB/s.
  private static let aheadBytes = 4 << 20

  /// Nil for a path.
  ///
  /// - Throws: `file-not-found`, `remote-file`.
  public init?(address: String) throws(Diagnostic) {
    guard let files = try RemoteFileAccess.opener(of: address) else { return nil }
    guard let status = try files.status(of: address) else { throw Diagnostic(.fileNotFound, "no such file: \(address)") }
    self.address = address
    self.files = files
    self.status = status
  }

  /// What is known of it now.
  public func currentStatus() -> FileStatus? { try? files.status(of: address) }

  /// Reads into `bytes` from a position until they are full or the file ends; how many bytes were read.
  public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(Diagnostic) -> Int {
    if bytes.count >= Self.aheadBytes { return try unsafe files.read(address, into: bytes, at: offset) }
    var (start, held) = ahead.withLock { $0 }
    var done = 0
    while done < bytes.count, offset + done < status.sizeBytes {
      let place = offset + done
      if start > place || place >= start + held.count {
        (start, held) = (place, try piece(at: place))
        if held.isEmpty { break }
        ahead.withLock { [held] in $0 = (place, held) }
      }
      let part = held[(place - start)..<min(held.count, place - start + bytes.count - done)]
      unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done..<(done + part.count)]).copyBytes(from: part)
      done += part.count
    }
    return done
  }

  private func piece(at offset: Int) throws(Diagnostic) -> [UInt8] {
    var failure: Diagnostic?
    let count = min(Self.aheadBytes, status.sizeBytes - offset)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
      do throws(Diagnostic) { read = try unsafe files.read(address, into: UnsafeMutableRawBufferPointer(buffer), at: offset) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }
}

/// The bytes of a file at an address as a descriptor, for whoever reads them in order; nil for a path.
func remoteStream(_ address: String) throws(Diagnostic) -> Descriptor? {
  guard let file = try RemoteFile(address: address) else { return nil }
  let copy = try NamelessFile(in: NamelessFile.usualFolderOfLarge)
  let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 20, alignment: 64)
  // Nobody has the buffer beyond this function.
  defer { unsafe piece.deallocate() }
  var offset = 0
  while offset < file.status.sizeBytes {
    let count = try unsafe file.read(into: piece, at: offset)
    if count == 0 { break }
    try unsafe copy.write(UnsafeRawBufferPointer(rebasing: piece[..<count]), at: offset)
    offset += count
  }
  return try copy.readOnlyDescriptor()
}
