// Paths as they are typed: relative to the working directory, with `~` for the home folder.

import DshSystem

/// The working directory. Where the system can't say which it is, such as when it has been removed, a path that leads there all the same, for every
/// process: nothing is looked for or written elsewhere.
func currentDirectory() -> String { (try? currentFolder()) ?? "/proc/\(ownProcessID())/cwd" }

/// A path as seen from a folder, with `~` for the home folder.
func absolutePath(_ path: String, from folder: String) -> String {
  if path.hasPrefix("/") || RemoteScheme(of: path) != nil { return path }
  if path == "~" || path.hasPrefix("~/"), let home = homeFolder() { return home + path.dropFirst() }
  var parts = folder.split(separator: "/").map(String.init)
  for part in path.split(separator: "/", omittingEmptySubsequences: true) {
    switch part {
    case ".": break
    case "..": parts = Array(parts.dropLast())
    default: parts.append(String(part))
    }
  }
  return "/" + parts.joined(separator: "/") + (path.hasSuffix("/") ? "/" : "")
}

/// The path of a folder without the slashes at its end; that of the root is one.
func withoutSlashes(_ path: String) -> String {
  let slashes = path.utf8.reversed().prefix { $0 == UInt8(ascii: "/") }.count
  return slashes == path.utf8.count ? "/" : String(decoding: path.utf8.dropLast(slashes), as: UTF8.self)
}
