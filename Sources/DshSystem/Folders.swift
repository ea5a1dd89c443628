// Folders and paths: listing, making, changing; where links lead; removing files.
import CDshSystem
import DshDiagnostics
import Glibc

/// One entry of a folder.
public struct FolderEntry: Sendable, Equatable {
  public let name: String
  /// Whether it is a folder itself; symbolic links are not followed.
  public let isFolder: Bool
  public let isLink: Bool

  public init(name: String, isFolder: Bool, isLink: Bool) {
    self.name = name
    self.isFolder = isFolder
    self.isLink = isLink
  }
}

/// The entries of a folder without `.` and `..`, in bytewise order of their names.
///
/// - Parameter isWanted: which names to list.
public func listFolder(_ path: String, where isWanted: (String) -> Bool = { _ in true }) throws(Diagnostic) -> [FolderEntry] {
  if let files = try RemoteFileAccess.opener(of: path) {
    return try files.entries(of: path).filter { isWanted($0.name) }.sorted { isBytewiseBefore($0.name, $1.name) }
  }
  guard let folder = unsafe opendir(path) else { throw systemError(errno, doing: "list the folder", path: path) }
  defer { unsafe closedir(folder) }
  var entries: [FolderEntry] = []
  while true {
    // The end and a failure look the same but for this.
    errno = 0
    guard let entry = unsafe readdir(folder) else {
      if errno != 0 { throw systemError(errno, doing: "list the folder", path: path) }
      break
    }
    // The name ends with a zero within its entry, which may be shorter than the type is: it is never looked at as a whole.
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
      unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
    }
    if name == "." || name == ".." || !isWanted(name) { continue }
    var type = unsafe Int(entry.pointee.d_type)
    if type == Int(DT_UNKNOWN) {
      var status = stat()
      if unsafe lstat(joinPath(path, name), &status) == 0 { type = Int(status.st_mode & S_IFMT) >> 12 }
    }
    entries.append(FolderEntry(name: name, isFolder: type == Int(DT_DIR), isLink: type == Int(DT_LNK)))
  }
  return entries.sorted { isBytewiseBefore($0.name, $1.name) }
}

/// The order of file names everywhere: by bytes, whatever the locale.
public func isBytewiseBefore(_ left: String, _ right: String) -> Bool {
  // Names of large folders are compared a hundred thousand times; strings that came from the system are contiguous.
  let order = unsafe left.utf8.withContiguousStorageIfAvailable { left in
    unsafe right.utf8.withContiguousStorageIfAvailable { right -> Bool? in
      guard let start = left.baseAddress, let other = right.baseAddress else { return nil }
      let order = unsafe memcmp(start, other, min(left.count, right.count))
      return order < 0 || (order == 0 && left.count < right.count)
    }
  }
  if case .some(.some(.some(let isBefore))) = order { return isBefore }
  return left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// Puts a name behind a folder's path.
public func joinPath(_ folder: String, _ name: String) -> String {
  folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
}

/// The folder that a path's last part lies in, as the path writes it.
public func parentFolder(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// What stands behind the last slash of a path.
func lastPart(of path: String) -> String {
  path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
}

/// Chains of symbolic links longer than this are taken for circles, as the kernel does.
let linkLimit = 40

/// Where a path leads when its last part is a symbolic link, whether there is anything or not; the path itself otherwise.
func linkTarget(_ path: String) throws(Diagnostic) -> String {
  var current = path
  for _ in 0..<linkLimit {
    guard let link = readLink(current) else { return current }
    current = link.hasPrefix("/") ? link : joinPath(parentFolder(of: current), link)
  }
  throw systemError(ELOOP, doing: "follow the link", path: path)
}

/// What a symbolic link says; nil if the path names none.
func readLink(_ path: String) -> String? {
  let limit = Int(PATH_MAX)
  let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
    count = unsafe buffer.withMemoryRebound(to: CChar.self) { raw in
      unsafe raw.baseAddress.map { unsafe max(0, readlink(path, $0, limit)) } ?? 0
    }
  }
  return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
}

/// The number of this process's open descriptor that a path such as `/dev/stdout` or `/dev/fd/3` stands for; nil for other paths.
public func ownDescriptor(of path: String) -> Int32? {
  var current = path
  for _ in 0..<linkLimit {
    for folder in ["/proc/self/fd", "/dev/fd", "/proc/\(getpid())/fd"] where parentFolder(of: current) == folder {
      return Int32(lastPart(of: current))
    }
    // Only devices are links to descriptors; a link elsewhere that leads there is the person's own and rare.
    guard let link = readLink(current), link.hasPrefix("/") else { return nil }
    current = link
  }
  return nil
}

public func makeFolder(_ path: String) throws(Diagnostic) { try checked("make the folder", path: path) { unsafe mkdir(path, 0o777) } }

public func removeFile(_ path: String) throws(Diagnostic) { try checked("remove the file", path: path) { unsafe unlink(path) } }

public func removeEmptyFolder(_ path: String) throws(Diagnostic) { try checked("remove the folder", path: path) { unsafe rmdir(path) } }

/// Makes a folder the current one, from which relative paths count.
public func changeFolder(_ path: String) throws(Diagnostic) { try checked("change to the folder", path: path) { unsafe chdir(path) } }

public func currentFolder() throws(Diagnostic) -> String {
  guard let text = unsafe takeText(getcwd(nil, 0)) else { throw systemError(errno, doing: "find the current folder") }
  return text
}

/// The absolute path without links, `.` and `..`; the file must exist.
public func resolvedPath(_ path: String) throws(Diagnostic) -> String {
  guard let text = unsafe takeText(realpath(path, nil)) else { throw systemError(errno, doing: "find the file", path: path) }
  return text
}

/// Text that the system has made for the caller, who frees it; nil if it refused.
func takeText(_ text: UnsafeMutablePointer<CChar>?) -> String? {
  guard let text = unsafe text else { return nil }
  defer { unsafe free(text) }
  return unsafe String(cString: text)
}
