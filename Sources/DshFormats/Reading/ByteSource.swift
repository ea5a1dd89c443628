// A file that is read by position; mapped only where nobody cuts it short.
import DshColumns
import DshDiagnostics
import DshSystem
import Glibc
import Synchronization

/// A file that is not, or does not stay, what it was taken for when it was named.
public struct FileChanged: Error, Hashable, Sendable {
  /// Where it is opened.
  public var path: String
  /// Whether it is the same file, but not like those that were looked at in its place.
  public var isUnlikeOthers: Bool

  public init(path: String, isUnlikeOthers: Bool = false) {
    self.path = path
    self.isUnlikeOthers = isUnlikeOthers
  }
}

/// An open regular file, or one at an address.
///
/// Bytes are copied out with `pread`: a mapping would end the process if somebody cut the file short meanwhile. Files that dsh keeps for one
/// person, and never changes, are mapped, and their bytes used where they are. The size is that at the time of opening; what is appended later
/// does not exist for this source. `@unchecked Sendable`: all state but a counter is immutable, and `pread` has no position of its own.
public final class ByteSource: @unchecked Sendable {
  /// What errors call the file: its path, or the name it was given.
  public let path: String
  private let openedPath: String
  /// The file as it was at the time of opening.
  public let identity: FileIdentity
  private let origin: Origin
  /// What the file becomes for readers, where that is something else than its bytes.
  private let decoded: [UInt8]?
  private let isMapped: Bool
  private let mapping: Mapping?
  private let inPlace = Atomic<Int>(0)

  private enum Origin {
    case descriptor(Int32)
    case remote(RemoteFile)
  }

  /// Readers of text look a few bytes further than they were given, which must be mapped too.
  private static let readAheadBytes = 64

  /// The bytes that were used where the mapped file lies, instead of being copied.
  public var inPlaceBytes: Int { inPlace.load(ordering: .relaxed) }

  public var sizeBytes: Int { decoded?.count ?? identity.sizeBytes }

  /// Opens a file; throws `file-not-found`, `not-a-file`, `permission-denied` and the like, and `FileChanged` if the file is not the
  /// expected one.
  ///
  /// - Parameter isMapped: whether the file is one that nobody changes or cuts short. It may have been given another name, or none, since it was
  ///   found; where the system maps nothing more it is read as any other.
  public init(path: String, name: String? = nil, expecting expected: FileIdentity? = nil, isMapped: Bool = false) throws {
    let (origin, status) = try Self.open(path, name: name)
    let found = FileIdentity(status)
    let isExpected = expected.map { found.isState($0) || (isMapped && found.hasContent(of: $0)) } ?? true
    guard status.kind == .file, isExpected else {
      Self.close(origin)
      if status.kind == .file { throw FileChanged(path: path) }
      throw Diagnostic(.notAFile, "not a regular file: \(path)")
    }
    identity = found
    self.isMapped = isMapped
    mapping = isMapped ? Self.map(origin, byteCount: identity.sizeBytes) : nil
    self.path = name ?? path
    openedPath = path
    self.origin = origin
    decoded = nil
  }

  private static func open(_ path: String, name: String?) throws -> (Origin, FileStatus) {
    if let remote = try RemoteFile(address: path) { return (.remote(remote), remote.status) }
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(name ?? path, errno) }
    do { return (.descriptor(descriptor), try FileStatus(descriptor: descriptor, path: path)) } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  private static func close(_ origin: Origin) {
    if case .descriptor(let number) = origin { Glibc.close(number) }
  }

  /// The same file for readers that get other bytes, which stay in memory.
  ///
  init(_ file: ByteSource, decoded: [UInt8]) throws {
    switch file.origin {
    case .remote: origin = file.origin
    case .descriptor(let number):
      let descriptor = fcntl(number, F_DUPFD_CLOEXEC, 0)
      guard descriptor >= 0 else { throw Self.failure(file.path, errno) }
      origin = .descriptor(descriptor)
    }
    path = file.path
    openedPath = file.openedPath
    identity = file.identity
    self.decoded = decoded
    isMapped = false
    mapping = nil
  }

  private static func map(_ origin: Origin, byteCount: Int) -> Mapping? {
    guard case .descriptor(let descriptor) = origin, byteCount > 0 else { return nil }
    let number = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard number >= 0 else { return nil }
    return try? Mapping(Descriptor(owning: number), byteCount: byteCount, writable: false)
  }

  deinit { Self.close(origin) }

  /// Throws `FileChanged` if the file is not what it was when it was opened: what was read of it may belong to two states.
  public func checkUnchanged() throws {
    guard let status = currentStatus,
      isMapped ? identity.hasContent(of: FileIdentity(status)) : FileIdentity(status) == identity
    else { throw FileChanged(path: openedPath) }
  }

  private var currentStatus: FileStatus? {
    switch origin {
    case .descriptor(let number): try? FileStatus(descriptor: number, path: path)
    case .remote(let file): file.currentStatus()
    }
  }

  /// Reads up to `count` bytes from `offset`; fewer only at the end of the file.
  public func read(into target: UnsafeMutableRawPointer, at offset: Int, count: Int) throws -> Int {
    let wanted = min(count, sizeBytes - offset)
    if let decoded {
      guard wanted > 0 else { return 0 }
      let part = offset..<offset + wanted
      decoded.withUnsafeBytes { bytes in
        UnsafeMutableRawBufferPointer(start: target, count: wanted).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[part]))
      }
      return wanted
    }
    guard case .descriptor(let number) = origin else {
      guard case .remote(let file) = origin, wanted > 0 else { return 0 }
      return try file.read(into: UnsafeMutableRawBufferPointer(start: target, count: wanted), at: offset)
    }
    var done = 0
    while done < wanted {
      let got = pread(number, target + done, wanted - done, offset + done)
      if got == 0 { break }
      if got > 0 {
        done += got
      } else if errno != EINTR {
        throw Self.failure(path, errno)
      }
    }
    return max(0, done)
  }

  /// Reads a part of the file, or gives it where it is mapped, which may be at any address; throws `FileChanged` if it is not there any more.
  public func buffer(at offset: Int, count: Int) throws -> Buffer {
    if let mapping, offset >= 0, count >= 0, count <= mapping.byteCount - Self.readAheadBytes - offset {
      inPlace.add(count, ordering: .relaxed)
      // The part lies within the mapping, as was just compared, and the mapping lives as long as its owner is referred to.
      return Buffer(address: UnsafeRawPointer(mapping.address) + offset, byteCount: count, owner: mapping)
    }
    let buffer = MutableBuffer(capacity: count)
    guard try read(into: buffer.start, at: offset, count: count) == count else { throw FileChanged(path: openedPath) }
    buffer.byteCount = count
    return buffer.freeze()
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
    case ENOENT, ENOTDIR: Diagnostic(.fileNotFound, "no such file: \(path)")
    case EACCES, EPERM: Diagnostic(.permissionDenied, "not allowed to read: \(path)")
    case EISDIR: Diagnostic(.notAFile, "not a regular file: \(path)")
    default: systemError(code, doing: "read the file", path: path)
    }
  }
}
