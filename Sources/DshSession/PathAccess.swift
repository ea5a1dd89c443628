// What a session may look at: the one place that every path passes before anything is asked of the file system.

import DshDiagnostics
import DshLanguage
import DshSystem

/// Everything, or in safe mode what lies under some folders.
///
/// In safe mode a path is resolved first, so that links and `..` count for where they lead, and it is the resolved path that is used: whatever is
/// outside is neither read nor listed, and nothing said depends on whether it exists.
struct PathAccess: Sendable {
  /// Folders without links in their paths; nil outside safe mode.
  let roots: [String]?

  /// The path to use for a path that was typed.
  ///
  /// - Throws: `unsafe` if it leads outside.
  func resolve(_ path: String) throws(Diagnostic) -> String {
    guard let roots else { return path }
    if RemoteScheme(of: path) != nil { throw refusal(roots) }
    guard let location = resolvedLocation(path), roots.contains(where: { isPath(location, inOrBelow: $0) }) else { throw refusal(roots) }
    return location
  }

  /// The same, with the place of the path in the text.
  func resolve(_ path: String, at span: SourceSpan?) throws(Diagnostic) -> String {
    do { return try resolve(path) } catch { throw error.at(span) }
  }

  /// What is known about a file that may be looked at; nil if there is none.
  func status(_ path: String) -> FileStatus? {
    guard let location = try? resolve(path) else { return nil }
    return try? FileStatus(path: location)
  }

  func exists(_ path: String) -> Bool { status(path) != nil }

  /// The entries of a folder.
  ///
  /// - Throws: `unsafe`, or what listing throws.
  func entries(of folder: String, where isWanted: (String) -> Bool = { _ in true }) throws(Diagnostic) -> [FolderEntry] {
    try listFolder(try resolve(folder), where: isWanted)
  }

  /// The paths that match a pattern.
  ///
  /// - Throws: `unsafe` if the pattern leads outside anywhere.
  func matches(of pattern: String) throws(Diagnostic) -> [String] {
    var leadsOutside = false
    let found = try expandPattern(pattern) { folder in
      let isInside = (try? resolve(folder)) != nil
      if !isInside { leadsOutside = true }
      return isInside
    }
    if leadsOutside, let roots { throw refusal(roots) }
    return found
  }

  private func refusal(_ roots: [String]) -> Diagnostic {
    Diagnostic(.unsafe, "safe mode reads only under \(roots.joined(separator: ", "))")
  }
}

extension Session {
  var access: PathAccess { PathAccess(roots: options.safeRoots) }
}
