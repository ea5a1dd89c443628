// Files for reading: metadata, positioned reads, whole contents.
import CDshSystem
import DshDiagnostics
import Glibc

/// What kind of thing a path names.
public enum FileKind: Sendable, Equatable {
  case file, folder, pipe, other
}

/// What the system knows about a file without reading it.
public struct FileStatus: Sendable, Equatable {
  public let kind: FileKind
  public let sizeBytes: Int
  /// Nanoseconds since 1970.
  public let modifiedNanoseconds: Int64
  /// With `device`, tells whether two paths are the same file.
  public let inode: UInt64
  public let device: UInt64
  /// Nanoseconds since 1970 of the last change of content, name or attributes; no program can set it.
  public let changedNanoseconds: Int64
  /// The bits of its mode that say who may do what.
  let permissions: mode_t
  let owner: uid_t
  let group: gid_t

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFIFO, S_IFSOCK: .pipe
      default: .other
      }
    sizeBytes = Int(status.st_size)
    modifiedNanoseconds = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    inode = UInt64(status.st_ino)
    device = UInt64(status.st_dev)
    changedNanoseconds = Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
    permissions = status.st_mode & 0o7777
    owner = status.st_uid
    group = status.st_gid
  }

  /// A file at an address, which has no permissions and no owner here.
  public init(kind: FileKind, of identity: FileIdentity) {
    self.kind = kind
    sizeBytes = identity.sizeBytes
    modifiedNanoseconds = identity.modifiedNanoseconds
    inode = identity.inode
    device = identity.device
    changedNanoseconds = identity.changedNanoseconds
    (permissions, owner, group) = (0, 0, 0)
  }

  /// Follows symbolic links.
  public init(path: String) throws(Diagnostic) {
    if let remote = try RemoteFile(address: path) {
      self = remote.status
      return
    }
    var status = stat()
    try checked("find the file", path: path) { unsafe stat(path, &status) }
    self.init(status)
  }

  /// Follows symbolic links; nil if the path leads to nothing.
  ///
  /// - Throws: what else keeps the system from looking, so that nobody takes a file for one that is not there.
  public static func ifThere(_ path: String) throws(Diagnostic) -> FileStatus? {
    if let files = try RemoteFileAccess.opener(of: path) { return try files.status(of: path) }
    var status = stat()
    let (result, error) = retried { unsafe stat(path, &status) }
    if result == 0 { return FileStatus(status) }
    if error == ENOENT || error == ENOTDIR { return nil }
    throw systemError(error, doing: "find the file", path: path)
  }

  /// The file behind an open descriptor.
  public init(descriptor number: Int32, path: String) throws(Diagnostic) {
    var status = stat()
    try checked("look at the file", path: path) { unsafe fstat(number, &status) }
    self.init(status)
  }

  /// Whether two paths led to the same file.
  func isSameFile(as other: FileStatus) -> Bool { inode == other.inode && device == other.device }
}

/// Whether a path names something.
public func fileExists(_ path: String) -> Bool {
  if RemoteScheme(of: path) != nil { return (try? FileStatus.ifThere(path)) ?? nil != nil }
  return unsafe access(path, F_OK) == 0
}

/// A file open for positioned reads, which several threads may do at once.
public final class ReadableFile: Sendable {
  public let path: String
  private let descriptor: Descriptor

  public init(path: String) throws(Diagnostic) {
    self.path = path
    descriptor = Descriptor(owning: try checked("open the file", path: path) { dsh_open(path, O_RDONLY, 0) })
  }

  /// Takes over an open descriptor, such as standard input's.
  public init(owning number: Int32, name: String) {
    path = name
    descriptor = Descriptor(owning: number)
  }

  public var number: Int32 { descriptor.number }

  public func status() throws(Diagnostic) -> FileStatus { try FileStatus(descriptor: descriptor.number, path: path) }

  /// Reads into `bytes` from a position until they are full or the file ends; how many bytes were read.
  public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(Diagnostic) -> Int {
    var total = 0
    while total < bytes.count, let base = bytes.baseAddress {
      let done = total
      let count = try checked("read the file", path: path) {
        unsafe pread(descriptor.number, base + done, bytes.count - done, off_t(offset + done))
      }
      if count == 0 { break }
      total += count
    }
    return total
  }

  /// Reads the next bytes of a pipe or file; 0 at the end.
  public func readNext(into bytes: UnsafeMutableRawBufferPointer) throws(Diagnostic) -> Int {
    try checked("read the file", path: path) { unsafe Glibc.read(descriptor.number, bytes.baseAddress, bytes.count) }
  }

  /// Maps the whole file for reading; nil if it is empty. If the file is cut short meanwhile, reading beyond its end is a fault.
  public func mapped() throws(Diagnostic) -> Mapping? {
    let sizeBytes = try status().sizeBytes
    return sizeBytes > 0 ? try Mapping(descriptor, byteCount: sizeBytes, writable: false) : nil
  }
}

/// All bytes of a file, a pipe or a file without a size included.
public func readWholeFile(_ path: String) throws(Diagnostic) -> [UInt8] {
  try readToEnd(ReadableFile(path: path))
}

/// All bytes up to the end.
public func readToEnd(_ file: ReadableFile) throws(Diagnostic) -> [UInt8] {
  let status = try file.status()
  if status.kind == .folder { throw systemError(EISDIR, doing: "read the file", path: file.path) }
  var content: [UInt8] = []
  content.reserveCapacity(status.sizeBytes)
  let step = 1 << 16
  var failure: Diagnostic?
  while true {
    let before = content.count
    let part = unsafe [UInt8](unsafeUninitializedCapacity: step) { buffer, count in
      do throws(Diagnostic) { count = try unsafe file.readNext(into: UnsafeMutableRawBufferPointer(buffer)) } catch { failure = error }
    }
    if let failure { throw failure }
    content.append(contentsOf: part)
    if content.count == before { return content }
  }
}
