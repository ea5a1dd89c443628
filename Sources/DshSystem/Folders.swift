// Folders: listing, making, changing; removing files.
import CDshSystem
import DshDiagnostics
import Glibc

/// One entry of a folder.
public struct FolderEntry: Sendable, Equatable {
  public let name: String
  /// Whether it is a folder itself; symbolic links are not followed.
  public let isFolder: Bool
  public let isLink: Bool
}

/// The entries of a folder without `.` and `..`, in bytewise order of their names.
///
/// - Parameter isWanted: which names to list.
public func listFolder(_ path: String, where isWanted: (String) -> Bool = { _ in true }) throws(Diagnostic) -> [FolderEntry] {
  guard let folder = opendir(path) else { throw systemError(errno, doing: "list the folder", path: path) }
  defer { closedir(folder) }
  var entries: [FolderEntry] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { raw in
      raw.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: raw.pointee)) { String(cString: $0) }
    }
    if name == "." || name == ".." || !isWanted(name) { continue }
    var type = Int(entry.pointee.d_type)
    if type == Int(DT_UNKNOWN) {
      var status = stat()
      if lstat(joinPath(path, name), &status) == 0 { type = Int(status.st_mode & S_IFMT) >> 12 }
    }
    entries.append(FolderEntry(name: name, isFolder: type == Int(DT_DIR), isLink: type == Int(DT_LNK)))
  }
  return entries.sorted { isBytewiseBefore($0.name, $1.name) }
}

/// The order of file names everywhere: by bytes, whatever the locale.
public func isBytewiseBefore(_ left: String, _ right: String) -> Bool {
  // Names of large folders are compared a hundred thousand times; strings that came from the system are contiguous.
  let order = left.utf8.withContiguousStorageIfAvailable { left in
    right.utf8.withContiguousStorageIfAvailable { right -> Bool? in
      guard let start = left.baseAddress, let other = right.baseAddress else { return nil }
      let order = memcmp(start, other, min(left.count, right.count))
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

public func makeFolder(_ path: String) throws(Diagnostic) { try checked("make the folder", path: path) { mkdir(path, 0o777) } }

public func removeFile(_ path: String) throws(Diagnostic) { try checked("remove the file", path: path) { unlink(path) } }

public func removeEmptyFolder(_ path: String) throws(Diagnostic) { try checked("remove the folder", path: path) { rmdir(path) } }

/// Makes a folder the current one, from which relative paths count.
public func changeFolder(_ path: String) throws(Diagnostic) { try checked("change to the folder", path: path) { chdir(path) } }

public func currentFolder() throws(Diagnostic) -> String {
  guard let text = getcwd(nil, 0) else { throw systemError(errno, doing: "find the current folder") }
  defer { free(text) }
  return String(cString: text)
}

/// The absolute path without links, `.` and `..`; the file must exist.
public func resolvedPath(_ path: String) throws(Diagnostic) -> String {
  guard let text = realpath(path, nil) else { throw systemError(errno, doing: "find the file", path: path) }
  defer { free(text) }
  return String(cString: text)
}
