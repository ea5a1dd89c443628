// Files for writing: whole or not at all, never over an existing file unless that was asked for.
import CDshSystem
import DshDiagnostics
import Glibc

/// A file that appears under its name only when it is complete. Until then it has no name at all where the file system can do that, so
/// that nothing is left behind whatever happens. Devices, pipes and open descriptors (`/dev/stdout`) are written directly.
///
/// A file that is replaced hands on its mode and owner; a symbolic link stays a link, and what it leads to is replaced.
public final class NewFile {
  public let path: String
  private let descriptor: Descriptor
  private let kind: Kind
  private let replace: Bool
  private let refusal: Diagnostic?
  /// The folder of a file that only its owner sees, and that is durable once it has its name.
  private let folder: PrivateFolder?
  private var isCommitted = false

  private enum Kind: Equatable {
    /// Without a name until it gets the one of `target`.
    case nameless(target: String)
    case named(temporary: String, target: String)
    case existing
  }

  /// - Parameters:
  ///   - replace: whether an existing file may be replaced.
  ///   - refusal: what is thrown where one may not; that the system refuses where it is not given.
  /// - Throws: the refusal at once, or what the system says.
  public init(path: String, replace: Bool, refusal: Diagnostic? = nil) throws(Diagnostic) {
    try refuseWriting(to: path)
    self.path = path
    self.replace = replace
    self.refusal = refusal
    folder = nil
    if let number = ownDescriptor(of: path) {
      kind = .existing
      descriptor = Descriptor(owning: try checked("open the file", path: path) { dsh_duplicate(number) })
      return
    }
    let earlier = try FileStatus.ifThere(path)
    if let earlier {
      if earlier.kind == .folder { throw systemError(EISDIR, doing: "write the file", path: path) }
      if earlier.kind != .file {
        kind = .existing
        descriptor = Descriptor(owning: try checked("open the file", path: path) { dsh_open(path, O_WRONLY, 0) })
        return
      }
      if !replace { throw refusal ?? systemError(EEXIST, doing: "write the file", path: path) }
    }
    let target = try linkTarget(path)
    let number = retried { dsh_open_nameless(parentFolder(of: target), 0o666) }.result
    if number >= 0 {
      kind = .nameless(target: target)
      descriptor = Descriptor(owning: number)
    } else {
      let temporary = Self.temporaryName(for: target)
      kind = .named(temporary: temporary, target: target)
      descriptor = Descriptor(
        owning: try checked("make the file", path: path) { dsh_open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o666) })
    }
    if let earlier { takePlace(of: earlier) }
  }

  /// A file of this user alone (mode 0600) that takes the place of whatever has its name, a link itself too, and then outlasts a failure of the machine.
  public init(_ name: String, in folder: PrivateFolder) throws(Diagnostic) {
    path = joinPath(folder.path, name)
    replace = true
    refusal = nil
    self.folder = folder
    let target = folder.place(of: name)
    let number = retried { dsh_open_nameless(folder.place(of: "."), 0o600) }.result
    if number >= 0 {
      kind = .nameless(target: target)
      descriptor = Descriptor(owning: number)
    } else {
      let temporary = folder.place(of: PrivateFolder.temporaryName(for: name))
      kind = .named(temporary: temporary, target: target)
      descriptor = Descriptor(
        owning: try checked("make the file", path: path) { dsh_open(temporary, O_RDWR | O_CREAT | O_EXCL, 0o600) })
    }
    // A name that it has before its own is told by this lock from what a dead process has left.
    _ = dsh_lock(descriptor.number)
  }

  /// Gives the file the owner and mode of the one that it replaces.
  func takePlace(of earlier: FileStatus) {
    // Only the superuser may give files away; the mode comes last, as a change of owner takes bits of it.
    _ = fchown(descriptor.number, earlier.owner, earlier.group)
    _ = fchmod(descriptor.number, earlier.permissions)
  }

  deinit {
    if !isCommitted, case .named(let temporary, _) = kind { unsafe unlink(temporary) }
  }

  private static func temporaryName(for path: String) -> String {
    joinPath(parentFolder(of: path), "\(beginning(ofName: lastPart(of: path))).\(getpid()).partial")
  }

  /// Whether what was written can be taken back by giving the file up.
  public var canBeGivenUp: Bool { kind != .existing }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) { try unsafe writeAll(bytes, to: descriptor.number, path: path) }

  public func write(_ bytes: [UInt8]) throws(Diagnostic) { try writeAll(bytes, to: descriptor.number, path: path) }

  /// Gives the complete file its name.
  ///
  /// - Throws: the refusal if a file of that name has come up meanwhile and may not be replaced.
  public func commit() throws(Diagnostic) {
    precondition(!isCommitted, "a file is committed once: \(path)")
    try awaitWritten()
    if folder != nil { try checked("write the file", path: path) { fsync(descriptor.number) } }
    switch kind {
    case .existing: break
    case .named(let temporary, let target):
      let (result, error) = retried { dsh_rename(temporary, target, replace ? 1 : 0) }
      if result < 0 { throw failureToName(error) }
    case .nameless(let target): try name(target)
    }
    folder?.sync()
    isCommitted = true
  }

  /// Some file systems, such as those of networks, tell what they could not write only when a descriptor is closed: a copy of it does for that.
  private func awaitWritten() throws(Diagnostic) {
    let number = descriptor.number
    let copy = try checked("finish the file", path: path) { dsh_duplicate(number) }
    // Interrupted, it is closed all the same.
    if close(copy) < 0, errno != EINTR { throw systemError(errno, doing: "write the file", path: path) }
  }

  private func failureToName(_ error: Int32) -> Diagnostic {
    if error == EEXIST, let refusal { return refusal }
    return systemError(error, doing: "name the file", path: path)
  }

  private func name(_ target: String) throws(Diagnostic) {
    let (result, error) = retried { dsh_give_name(descriptor.number, target) }
    if result >= 0 { return }
    guard error == EEXIST && replace else { throw failureToName(error) }
    let temporary = folder.map { $0.place(of: PrivateFolder.temporaryName(for: lastPart(of: target))) } ?? Self.temporaryName(for: target)
    try checked("name the file", path: path) { dsh_give_name(descriptor.number, temporary) }
    let (renamed, failure) = retried { dsh_rename(temporary, target, 1) }
    if renamed < 0 {
      unsafe unlink(temporary)
      throw systemError(failure, doing: "name the file", path: path)
    }
  }
}

/// What a temporary name begins with: enough of a name to know it by, with room behind it, as names have at most 255 bytes.
func beginning(ofName name: String) -> String { name.utf8.count > 200 ? String(decoding: name.utf8.prefix(200), as: UTF8.self) : name }
