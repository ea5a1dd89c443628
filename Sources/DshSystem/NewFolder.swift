// Folders for writing: all their files or none, and what was there before stays until the new ones are complete.
import CDshSystem
import DshDiagnostics
import Glibc

/// A folder of new files that appears under its name only when all of them are complete.
///
/// Until then it lies hidden beside its place, and an earlier folder of that name is as it was. `commit` puts the one in the place of the other
/// in one step. A guard removes the hidden folder if this process is killed; if the guard is too, the next one that writes there does.
public final class NewFolder {
  /// The folder's place, symbolic links resolved.
  public let path: String
  private let hidden: String
  /// Locked as long as this lives, so that nobody takes the hidden folder for one that was left.
  private let lock: Descriptor
  private let earlier: FileStatus?
  private let isReplaced: (String) -> Bool
  private let replacedPrefix: String?
  private let folderGuard: FolderGuard?
  private var isCommitted = false
  /// Whether there are folders in it.
  private var hasFolders = false

  /// - Parameters:
  ///   - replace: whether the files of an earlier folder may be replaced.
  ///   - refusal: what is thrown where there are files that may not.
  ///   - isGuarded: whether this process can be started again as the guard of the folder.
  ///   - replacedPrefix: what the names of folders in it begin with that are replaced; nil for none.
  ///   - isReplaced: which of the files are. Other files and folders are carried over.
  /// - Throws: the refusal, or what the system says.
  public init(
    path: String, replace: Bool, refusal: @autoclosure () -> Diagnostic, isGuarded: Bool = false,
    replacedPrefix: String? = nil, isReplaced: @escaping (String) -> Bool
  ) throws(Diagnostic) {
    try refuseWriting(to: path)
    let target = try linkTarget(path)
    self.path = target
    self.isReplaced = isReplaced
    self.replacedPrefix = replacedPrefix
    earlier = try FileStatus.ifThere(target)
    if let earlier {
      guard earlier.kind == .folder else { throw systemError(ENOTDIR, doing: "write the folder", path: target) }
      if !replace, try !listFolder(target).isEmpty { throw refusal() }
      try Self.check(target, earlier)
    }
    let beside = Self.hiddenPrefix(of: target)
    try Self.removeLeftovers(prefix: beside, of: target, replacedPrefix)
    hidden = "\(beside)\(getpid()).partial"
    lock = Descriptor(owning: try Self.makeLocked(hidden))
    // Without one, as where no more processes may be started, the folder is written all the same.
    folderGuard = isGuarded ? try? FolderGuard(hidden: hidden, target: target, replacedPrefix) : nil
  }

  deinit {
    // All of it is new, whether or not the marker still says so.
    if !isCommitted { Self.removeFiles(of: hidden) { [hasFolders] _ in hasFolders } }
  }

  /// Throws if the folder can't be exchanged for another, as others stand in it or it is mounted.
  private static func check(_ target: String, _ earlier: FileStatus) throws(Diagnostic) {
    if let current = try? FileStatus(path: "."), current.isSameFile(as: earlier) {
      throw Diagnostic(
        .folderInUse, "the current folder can't be replaced as a whole", suggestion: "write to a folder in it, such as out/")
    }
    if let parent = try? FileStatus(path: parentFolder(of: target)), parent.device != earlier.device || parent.isSameFile(as: earlier) {
      throw Diagnostic(.folderInUse, "a mounted folder can't be replaced: \(target)", suggestion: "write to a folder in it")
    }
  }

  /// What the names of hidden folders beside a place begin with, path included.
  private static func hiddenPrefix(of target: String) -> String {
    joinPath(parentFolder(of: target), ".\(beginning(ofName: lastPart(of: target))).")
  }

  private static func makeLocked(_ hidden: String) throws(Diagnostic) -> Int32 {
    for _ in 0..<lockTries {
      try makeFolder(hidden)
      do throws(Diagnostic) {
        let folder = Descriptor(owning: try checked("open the folder", path: hidden) { dsh_open(hidden, O_RDONLY | O_DIRECTORY, 0) })
        let number = folder.number
        let (result, error) = retried { dsh_lock(number) }
        if result == 0, fileExists(hidden) { return folder.release() }
        if result < 0, error != EWOULDBLOCK { throw systemError(error, doing: "lock the folder", path: hidden) }
      } catch {
        unsafe rmdir(hidden)
        throw error
      }
      // Between making and locking it, another process has taken it for left over.
      unsafe rmdir(hidden)
    }
    throw systemError(EWOULDBLOCK, doing: "lock the folder", path: hidden)
  }

  /// Whoever takes the folder away does so once: more tries than there are others who write to the same place at the same moment.
  private static let lockTries = 100

  /// Removes hidden folders whose processes are gone.
  private static func removeLeftovers(prefix: String, of target: String, _ replacedPrefix: String?) throws(Diagnostic) {
    let folder = parentFolder(of: prefix)
    let start = lastPart(of: prefix)
    for entry in try listFolder(folder, where: { $0.hasPrefix(start) && $0.hasSuffix(".partial") }) where entry.isFolder {
      let path = joinPath(folder, entry.name)
      let number = dsh_open(path, O_RDONLY | O_DIRECTORY, 0)
      guard number >= 0 else { continue }
      if dsh_lock(number) == 0 { removeLeft(path, of: target, replacedPrefix) }
      close(number)
    }
  }

  /// Removes a folder of files, and those of the folders in it that are asked for.
  private static func removeFiles(of folder: String, andFolders isWanted: (String) -> Bool = { _ in false }) {
    for entry in (try? listFolder(folder)) ?? [] {
      if !entry.isFolder {
        unsafe unlink(joinPath(folder, entry.name))
      } else if isWanted(entry.name) {
        removeFiles(of: joinPath(folder, entry.name)) { _ in true }
      }
    }
    unsafe rmdir(folder)
  }

  /// Stands in a hidden folder with folders in it as long as all of it is new, so that all of it may be removed.
  private static let marker = ".new"

  /// Removes what a writer that is gone has left, and puts an earlier folder back that it had set aside.
  ///
  /// If the folders have been exchanged, what is left is the earlier one: folders in it that were to be carried over go where they belong.
  static func removeLeft(_ hidden: String, of target: String, _ replacedPrefix: String?) {
    if !fileExists(target) { _ = dsh_rename(aside(hidden), target, 0) }
    if fileExists(joinPath(hidden, marker)) { return removeNew(hidden) }
    func isReplaced(_ name: String) -> Bool { replacedPrefix.map(name.hasPrefix) ?? false }
    // Other partitions may be what somebody else has replaced: they stay where they are.
    for entry in (try? listFolder(hidden)) ?? [] where entry.isFolder && !isReplaced(entry.name) && !entry.name.contains("=") {
      _ = dsh_rename(joinPath(hidden, entry.name), joinPath(target, entry.name), 0)
    }
    removeFiles(of: hidden, andFolders: isReplaced)
  }

  /// Where an earlier folder is for a moment where folders can't be exchanged.
  private static func aside(_ hidden: String) -> String { hidden + ".old" }

  private static func removeNew(_ folder: String) {
    let isAllNew = fileExists(joinPath(folder, marker))
    removeFiles(of: folder) { _ in isAllNew }
  }

  /// Makes the folders of a file in the hidden folder.
  private func makeFolders(of name: String) throws(Diagnostic) {
    guard name.contains("/") else { return }
    if !hasFolders {
      hasFolders = true
      try NewFile(path: joinPath(hidden, Self.marker), replace: false).commit()
    }
    var folder = hidden
    for part in name.split(separator: "/").dropLast() {
      folder = joinPath(folder, String(part))
      if !fileExists(folder) { try makeFolder(folder) }
    }
  }

  /// A new file in the folder, or in a folder in it (`a/b.csv`); one that takes the place of an earlier one has its owner and mode.
  public func makeFile(_ name: String) throws(Diagnostic) -> NewFile {
    try makeFolders(of: name)
    let file = try NewFile(path: joinPath(hidden, name), replace: false)
    if earlier != nil, let replaced = try? FileStatus(path: joinPath(path, name)), replaced.kind == .file { file.takePlace(of: replaced) }
    return file
  }

  /// Puts the folder in its place.
  public func commit() throws(Diagnostic) {
    precondition(!isCommitted, "a folder is committed once: \(path)")
    if hasFolders { try removeFile(joinPath(hidden, Self.marker)) }
    guard let earlier else {
      try checked("name the folder", path: path) { dsh_rename(hidden, path, 0) }
      isCommitted = true
      folderGuard?.release()
      return
    }
    // What is carried over is in both folders before they are exchanged, so that it is never missing; other folders can't be.
    let carried = try listFolder(path).filter { $0.isFolder ? !isReplacedFolder($0.name) : !isReplaced($0.name) }
    for entry in carried where !entry.isFolder {
      try checked("carry over the file", path: joinPath(path, entry.name)) {
        dsh_link(joinPath(path, entry.name), joinPath(hidden, entry.name))
      }
    }
    _ = unsafe chown(hidden, earlier.owner, earlier.group)
    _ = unsafe chmod(hidden, earlier.permissions)
    try exchange()
    isCommitted = true
    for entry in carried where entry.isFolder { _ = dsh_rename(joinPath(hidden, entry.name), joinPath(path, entry.name), 0) }
    // What is replaced goes; a folder that could not be carried over stays.
    Self.removeFiles(of: hidden, andFolders: isReplacedFolder)
    folderGuard?.release()
  }

  private func isReplacedFolder(_ name: String) -> Bool { replacedPrefix.map(name.hasPrefix) ?? false }

  private func exchange() throws(Diagnostic) {
    let (result, error) = retried { dsh_exchange(hidden, path) }
    if result >= 0 { return }
    guard error == EINVAL || error == ENOSYS else { throw systemError(error, doing: "replace the folder", path: path) }
    // A file system that can't exchange: in two steps, between which the earlier folder has another name.
    let aside = Self.aside(hidden)
    try checked("replace the folder", path: path) { dsh_rename(path, aside, 0) }
    let (moved, failure) = retried { dsh_rename(hidden, path, 0) }
    guard moved >= 0 else {
      _ = dsh_rename(aside, path, 0)
      throw systemError(failure, doing: "replace the folder", path: path)
    }
    try checked("replace the folder", path: path) { dsh_rename(aside, hidden, 0) }
  }
}
