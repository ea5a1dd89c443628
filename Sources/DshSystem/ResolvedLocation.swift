// Where a path really leads, even if there is nothing yet.
import DshDiagnostics
import Glibc

/// The absolute path without links, `.` and `..` that a path leads to, whether or not its last parts exist.
///
/// - Returns: nil where that can't be told: links in a circle, folders that may not be entered, `..` behind what does not exist.
public func resolvedLocation(_ path: String) -> String? { resolvedLocation(path, linksLeft: linkLimit) }

private func resolvedLocation(_ path: String, linksLeft: Int) -> String? {
  if let text = unsafe takeText(realpath(path, nil)) { return text }
  guard errno == ENOENT || errno == ENOTDIR, linksLeft > 0 else { return nil }
  var trimmed = path[...]
  while trimmed.utf8.count > 1, trimmed.utf8.last == UInt8(ascii: "/") { trimmed = trimmed.dropLast() }
  let name = lastPart(of: String(trimmed))
  guard !["", ".", ".."].contains(name), let parent = resolvedLocation(parentFolder(of: String(trimmed)), linksLeft: linksLeft - 1) else {
    return nil
  }
  let location = joinPath(parent, name)
  // A link that leads to nothing: where it leads counts, not where it lies.
  guard let link = readLink(location) else { return location }
  return resolvedLocation(link.hasPrefix("/") ? link : joinPath(parent, link), linksLeft: linksLeft - 1)
}

/// Whether a resolved path is a folder or lies in it, part by part and byte by byte.
public func isPath(_ path: String, inOrBelow folder: String) -> Bool {
  let prefix = folder.hasSuffix("/") ? folder : folder + "/"
  return path.utf8.elementsEqual(folder.utf8) || path.utf8.starts(with: prefix.utf8)
}
