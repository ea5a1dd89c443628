// `ls`: folders, and the files that fit a pattern.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshSystem
import DshRender

struct ListFilesCommand: CommandAction {
  let command = Command.ID.listFiles

  func run(_ context: CommandContext) throws -> RunOutcome {
    let (session, command) = (context.session, context.command)
    let isLong = context.has("long") || command.outputFormat != nil
    let wanted = WantedEntries(areHidden: context.has("all"), haveStatus: isLong)
    var files: [ListedFile] = []
    if command.arguments.isEmpty { files = try session.access.entries(of: ".", title: "", wanted) }
    for argument in command.arguments {
      let several = command.arguments.count > 1
      do { files += try session.access.listedFiles(argument.text, isOneOfSeveral: several, wanted) } catch let diagnostic as Diagnostic {
        throw diagnostic.at(argument.span)
      }
    }
    if isLong {
      context.emit(.listing(listing(of: files, isDeterministic: session.options.isDeterministic)))
    } else {
      context.emit(.lines(files.map(\.title)))
    }
    return .finished
  }

  private func listing(of files: [ListedFile], isDeterministic: Bool) -> Listing {
    var columns = [Listing.Column("name"), Listing.Column("size", .bytes), Listing.Column("modified (UTC)")]
    if isDeterministic { columns.removeLast() }
    let rows = files.map { file -> [Value] in
      var row: [Value] = [.string(file.title), .null, .null]
      if let status = file.status {
        if status.kind == .file { row[1] = .int64(Int64(status.sizeBytes)) }
        // Whole seconds: what lies below tells people nothing.
        row[2] = .timestamp(status.modifiedNanoseconds / 1_000_000_000 * Calendar.microsecondsPerSecond)
      }
      if isDeterministic { row.removeLast() }
      return row
    }
    return Listing(name: "ls", columns: columns, rows: rows)
  }
}

extension PathAccess {
  /// What one argument stands for: what is in a folder, a file, or all that fits a pattern. Files of a folder that is one of several are
  /// shown with its name.
  fileprivate func listedFiles(_ typed: String, isOneOfSeveral: Bool, _ wanted: WantedEntries) throws -> [ListedFile] {
    let path = absolutePath(typed, from: currentDirectory())
    if let status = status(path) {
      if status.kind == .folder { return try entries(of: path, title: isOneOfSeveral ? joinPath(typed, "") : "", wanted) }
      return [ListedFile(title: typed, status: status)]
    }
    guard isPattern(typed) else { return try entries(of: path, title: "", wanted) }
    let folder = joinPath(absolutePath(plainPart(of: typed), from: currentDirectory()), "")
    let found = try matches(of: path).map { match in
      // Shown as it was typed: relative to where the pattern begins.
      let title = match.hasPrefix(folder) ? plainPart(of: typed) + match.dropFirst(folder.count) : match
      return ListedFile(title: title, status: status(match))
    }
    if found.isEmpty { throw Diagnostic(.fileNotFound, "no file fits \"\(typed)\"") }
    return found
  }

  /// The folders before the part of a pattern that stands for anything, as typed.
  private func plainPart(of pattern: String) -> String {
    let plain = pattern.prefix { !"*?[{".contains($0) }
    return plain.lastIndex(of: "/").map { String(plain[...$0]) } ?? ""
  }

  fileprivate func entries(of folder: String, title: String, _ wanted: WantedEntries) throws -> [ListedFile] {
    let path = absolutePath(folder, from: currentDirectory())
    return try entries(of: path) { wanted.areHidden || !$0.hasPrefix(".") }.map { entry in
      let status = wanted.haveStatus || entry.isLink ? status(joinPath(path, entry.name)) : nil
      return ListedFile(title: title + entry.name, isFolder: entry.isFolder, status: status)
    }
  }
}

/// Which entries of a folder are listed, and with what.
private struct WantedEntries {
  /// Whether those are among them whose names begin with a dot.
  var areHidden: Bool
  /// Whether sizes and times are asked for: a question to the file system for each.
  var haveStatus: Bool
}

/// A line of `ls`.
private struct ListedFile {
  /// As it is shown: a folder ends with a slash.
  var title: String
  /// Nil for what can't be looked at: a link that leads nowhere, or out of safe mode's folders.
  var status: FileStatus?

  init(title: String, isFolder: Bool = false, status: FileStatus?) {
    self.title = isFolder || status?.kind == .folder ? joinPath(title, "") : title
    self.status = status
  }
}
