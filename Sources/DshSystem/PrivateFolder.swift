// A folder that belongs to one person alone, and its files: reached without following links, refused where others have a hand in.
import CDshSystem
import DshDiagnostics
import Glibc

/// An open folder of this user, mode 0700 where it was made here.
///
/// Its entries are reached through its descriptor, so that nobody can put another folder in its place between a look and a use.
public final class PrivateFolder: Sendable {
  /// How it is called in errors.
  public let path: String
  private let descriptor: Descriptor

  /// Where its entries are found by the descriptor.
  private var location: String { Self.location(descriptor.number) }

  private static func location(_ number: Int32) -> String { "/proc/self/fd/\(number)" }

  /// Opens a folder; nil if it is not there and is not to be made.
  ///
  /// - Parameters:
  ///   - parts: the last parts of the path, of which none may be a link, and each belongs to this user.
  ///   - base: the folder they are in, which a person may have put behind links.
  ///   - makes: whether what is missing is made.
  /// - Throws: `foreign-file`, `unexpected-link`, `not-a-folder`, or what the system says.
  public init?(_ parts: [String], in base: String, makes: Bool) throws(Diagnostic) {
    var path = base
    if makes { try Self.makeFolders(base) }
    let (number, error) = retried { dsh_open(base, O_RDONLY | O_DIRECTORY, 0) }
    guard number >= 0 else {
      if error == ENOENT, !makes { return nil }
      throw systemError(error, doing: "open the folder", path: base)
    }
    var current = Descriptor(owning: number)
    for part in parts {
      path = joinPath(path, part)
      guard let next = try Self.open(part, in: current.number, path: path, makes: makes) else { return nil }
      current = Descriptor(owning: next)
      let status = try FileStatus(descriptor: next, path: path)
      try status.refuseIfForeign(path)
    }
    self.path = path
    descriptor = current
  }

  private static func open(_ part: String, in folder: Int32, path: String, makes: Bool) throws(Diagnostic) -> Int32? {
    let place = joinPath(location(folder), part)
    for isSecond in [false, true] {
      let (number, error) = retried { dsh_open(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0) }
      if number >= 0 { return number }
      if error == ENOENT, !makes { return nil }
      guard error == ENOENT, !isSecond else {
        if error == ELOOP || error == ENOTDIR, readLink(place) != nil { throw unexpectedLink(path) }
        throw systemError(error, doing: "open the folder", path: path)
      }
      // Another shell may be quicker.
      let (made, refusal) = retried { unsafe mkdir(place, 0o700) }
      if made < 0, refusal != EEXIST { throw systemError(refusal, doing: "make the folder", path: path) }
    }
    return nil
  }

  /// Makes a folder with all that it lies in, as far as it is missing, for this user alone (XDG Base Directory Specification).
  private static func makeFolders(_ path: String) throws(Diagnostic) {
    if path.isEmpty || path == "/" || fileExists(path) { return }
    try makeFolders(parentFolder(of: path))
    let (made, error) = retried { unsafe mkdir(path, 0o700) }
    if made < 0, error != EEXIST { throw systemError(error, doing: "make the folder", path: path) }
  }

  /// The names in it, in bytewise order.
  public func names(where isWanted: (String) -> Bool) throws(Diagnostic) -> [String] {
    try listFolder(location, where: isWanted).map(\.name)
  }

  /// A file in it; nil if there is none of that name.
  ///
  /// - Throws: `foreign-file`, `unexpected-link`, `not-a-file`, or what the system says.
  public func open(_ name: String) throws(Diagnostic) -> PrivateFile? {
    let path = joinPath(path, name)
    let place = joinPath(location, name)
    // What is no file, such as a pipe, must not be waited for.
    let (number, error) = retried { dsh_open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0) }
    guard number >= 0 else {
      if error == ENOENT { return nil }
      if error == ELOOP { throw unexpectedLink(path) }
      throw systemError(error, doing: "open the file", path: path)
    }
    return try PrivateFile(owning: number, path: path)
  }

  /// Which file has a name, without opening it and without following a link; nil if there is none.
  public func identity(of name: String) -> FileIdentity? {
    var status = stat()
    guard unsafe lstat(joinPath(location, name), &status) == 0 else { return nil }
    return FileIdentity(FileStatus(status))
  }

  /// Removes a name; a link goes, and not what it leads to. False if there is none.
  public func remove(_ name: String) throws(Diagnostic) -> Bool {
    let place = joinPath(location, name)
    let (result, error) = retried { unsafe unlink(place) }
    if result < 0, error == ENOENT { return false }
    if result < 0 { throw systemError(error, doing: "remove the file", path: joinPath(path, name)) }
    sync()
    return true
  }

  /// Makes the names in it outlast a failure of the machine, where the file system can promise that.
  func sync() { _ = fsync(descriptor.number) }

  // MARK: Files that are being written

  /// A hidden name, for a file that is not whole yet.
  static func temporaryName(for name: String) -> String {
    ".\(beginning(ofName: name)).\(getpid())-\(monotonicNanoseconds())\(abandonedEnding)"
  }

  private static let abandonedEnding = ".partial"

  /// Where a name is reached.
  func place(of name: String) -> String { joinPath(location, name) }

  /// Removes what writers have left that are dead: each holds a lock on its file as long as it lives.
  public func removeAbandoned() {
    let names = (try? names { $0.hasPrefix(".") && $0.hasSuffix(Self.abandonedEnding) }) ?? []
    for name in names {
      let place = place(of: name)
      let number = retried { dsh_open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0) }.result
      guard number >= 0 else { continue }
      let file = Descriptor(owning: number)
      if dsh_lock(file.number) == 0 { unsafe unlink(place) }
    }
  }
}

/// An open file of this user, which stays readable whatever becomes of its name.
public final class PrivateFile: Sendable {
  public let path: String
  public let identity: FileIdentity
  private let descriptor: Descriptor

  fileprivate init(owning number: Int32, path: String) throws(Diagnostic) {
    self.path = path
    descriptor = Descriptor(owning: number)
    let status = try FileStatus(descriptor: number, path: path)
    identity = FileIdentity(status)
    guard status.kind == .file else { throw Diagnostic(.notAFile, "not a regular file: \(path)") }
    try status.refuseIfForeign(path)
  }

  /// Where other processes of this user can open the very file as long as this object is there.
  public var sharedPath: String { DshSystem.sharedPath(ofDescriptor: descriptor.number) }
}

extension FileStatus {
  /// Throws if it belongs to somebody else, or others may write to it.
  fileprivate func refuseIfForeign(_ path: String) throws(Diagnostic) {
    guard owner == geteuid() else {
      throw Diagnostic(
        .foreignFile, "it belongs to another user: \(path)", notes: ["owner \(owner), this is user \(geteuid())"])
    }
    guard permissions & 0o022 == 0 else {
      throw Diagnostic(
        .foreignFile, "others may write to it: \(path)", suggestion: "look at it, then: chmod go-w \(path)",
        notes: ["mode \(String(permissions, radix: 8))"])
    }
  }
}

private func unexpectedLink(_ path: String) -> Diagnostic {
  Diagnostic(.unexpectedLink, "a link that is not followed: \(path)", suggestion: "remove it, or put what it leads to in its place")
}
