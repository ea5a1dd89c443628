// Finds the files that a `read` names, and says what may be meant where there are none.

import DshDiagnostics
import DshFormats
import DshLanguage
import DshSystem

extension ReadRequest {
  /// The files that are meant, at absolute paths; of streams, what a sample takes is read.
  func find(_ access: PathAccess, _ streams: InputStreams) throws(Diagnostic) -> [FoundFile] {
    var found: [FoundFile] = []
    for path in paths {
      do throws(Diagnostic) {
        if path.text == "-" {
          found.append(try streams.openStandardInput(decoding))
          continue
        }
        let absolute = absolutePath(path.text, from: workingDirectory)
        if RemoteScheme(of: absolute)?.isTyped == false { throw Diagnostic(.fileNotFound, "no file \"\(path.text)\"") }
        guard isPattern(path.text), !access.exists(absolute) else {
          if !path.text.isEmpty, absolute != "/", access.status(absolute)?.kind == .folder {
            found += try files(in: absolute, below: absolute, path, access)
          } else {
            found.append(try resolve(absolute, path, access, streams))
          }
          continue
        }
        let all = try access.matches(of: absolute)
        guard !all.isEmpty else {
          throw Diagnostic(
            .fileNotFound, "no file fits \"\(path.text)\"", suggestion: nearbyFile(absolute, typed: path.text, access))
        }
        // A folder that happens to fit beside files is passed over; a file that can't be read is named.
        let matches = all.filter { access.status($0)?.kind != .folder }
        let root = plainFolder(ofPattern: absolute)
        for match in matches {
          var file = try resolve(match, path, access, streams)
          file.partitions = FolderPartition.all(of: match, below: root)
          found.append(file)
        }
        if matches.isEmpty { for folder in all { found += try files(in: folder, below: root, path, access) } }
      } catch { throw error.at(path.span) }
    }
    return found
  }

  /// The files of a folder, and of those in it, that have the ending of a format, in bytewise order; all of them if a format is asked for.
  ///
  /// Names that begin with a dot or an underscore are passed over, as others do who write such folders, and so are links to folders, which may lead in circles.
  private func files(in folder: String, below root: String, _ path: PathSyntax, _ access: PathAccess) throws(Diagnostic) -> [FoundFile] {
    var found: [FoundFile] = []
    try collect(folder, below: withoutSlashes(root), path, access, into: &found)
    guard !found.isEmpty else {
      throw Diagnostic(
        .fileNotFound, "no file in the folder \"\(path.text)\" has the ending of a format that can be read",
        suggestion: "--format=csv reads all of its files")
    }
    return found
  }

  /// A folder with more files is none that anybody means to read at once.
  private static let folderFileLimit = 1_000_000

  private func collect(
    _ folder: String, below root: String, _ path: PathSyntax, _ access: PathAccess, into found: inout [FoundFile]
  ) throws(Diagnostic) {
    for entry in try access.entries(of: folder, where: { !$0.hasPrefix(".") && !$0.hasPrefix("_") }) {
      let file = joinPath(withoutSlashes(folder), entry.name)
      if entry.isFolder {
        try collect(file, below: root, path, access, into: &found)
      } else if format != nil || FormatRegistry.forPath(entry.name)?.canRead == true {
        let location = try access.resolve(file)
        guard let status = try FileStatus.ifThere(location), status.kind == .file else { continue }
        guard found.count < Self.folderFileLimit else {
          throw Diagnostic(
            .patternTooWide, "the folder \"\(path.text)\" holds more than \(groupedText(Self.folderFileLimit)) files",
            suggestion: "name some of them with a pattern")
        }
        found.append(FoundFile(path: location, identity: FileIdentity(status), partitions: FolderPartition.all(of: file, below: root)))
      }
    }
  }

  /// The folder that all files lie in which fit a pattern, as far as it has no wildcards.
  private func plainFolder(ofPattern pattern: String) -> String {
    let plain = pattern.prefix { !"*?[{\\".contains($0) }
    return plain.lastIndex(of: "/").map { String(plain[..<$0]) } ?? ""
  }

  /// A file that is there and may be read.
  private func resolve(_ file: String, _ path: PathSyntax, _ access: PathAccess, _ streams: InputStreams) throws(Diagnostic) -> FoundFile {
    if let given = streams.adopted(at: file) { return given }
    let location = try access.resolve(file)
    let kind: InputKind
    do throws(Diagnostic) { kind = try InputKind(of: location) } catch {
      if RemoteScheme(of: location) != nil, error.code != .fileNotFound { throw error }
      if fileExists(location) { throw Diagnostic(error.code, .environment, error.message, notes: error.notes) }
      guard isPattern(path.text) else {
        throw Diagnostic(.fileNotFound, "no file \"\(path.text)\"", suggestion: nearbyFile(file, typed: path.text, access))
      }
      // A name that a pattern found, and yet no file: a link to nothing.
      throw Diagnostic(.fileNotFound, "a link to a file that is not there fits \"\(path.text)\": \(file)")
    }
    switch kind {
    case .file(let path): return FoundFile(path: path, identity: (try? FileStatus(path: path)).map { FileIdentity($0) })
    case .stream: return try streams.open(location, name: path.text, decoding, isGenerated: false)
    case .generated: return try streams.open(location, name: path.text, decoding, isGenerated: true)
    case .folder:
      throw Diagnostic(
        .isAFolder, "\"\(path.text)\" is a folder", suggestion: filesInFolders([file], typed: path.text, access))
    }
  }

  /// How to name the files in folders that can be read; nil if there are none.
  private func filesInFolders(_ folders: [String], typed: String, _ access: PathAccess) -> Diagnostic.Suggestion? {
    var counts: [String: Int] = [:]
    for entry in folders.flatMap({ (try? access.entries(of: $0)) ?? [] }) where !entry.isFolder && !entry.name.hasPrefix(".") {
      guard let format = FormatRegistry.forPath(entry.name), format.canRead, let dot = entry.name.lastIndex(of: ".") else { continue }
      counts[String(entry.name[dot...]), default: 0] += 1
    }
    // The most frequent ending, of equals the first in the alphabet.
    guard let ending = counts.min(by: { (-$0.value, $0.key) < (-$1.value, $1.key) })?.key else { return nil }
    return .words("name the files: \(joinPath(typed, "*" + ending))")
  }

  /// The file in the same folder that may be meant, named as it was typed.
  private func nearbyFile(_ path: String, typed: String, _ access: PathAccess) -> Diagnostic.Suggestion? {
    guard let slash = path.lastIndex(of: "/") else { return nil }
    let names = ((try? access.entries(of: String(path[...slash]))) ?? []).map(\.name)
    return nearestName(to: String(path[path.index(after: slash)...]), in: names).map { name in
      didYouMean(typed.lastIndex(of: "/").map { typed[...$0] + name } ?? name)
    }
  }
}
