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
        guard isPattern(path.text), !access.exists(absolute) else {
          found.append(try resolve(absolute, path, access, streams))
          continue
        }
        let all = try access.matches(of: absolute)
        // A folder that happens to fit is passed over; a file that can't be read is named.
        let matches = all.filter { access.status($0)?.kind != .folder }
        guard !matches.isEmpty else {
          throw Diagnostic(
            .fileNotFound, all.isEmpty ? "no file fits \"\(path.text)\"" : "only folders fit \"\(path.text)\"",
            suggestion: all.isEmpty ? nearbyFile(absolute, typed: path.text, access) : filesInFolders(all, typed: path.text, access))
        }
        for match in matches { found.append(try resolve(match, path, access, streams)) }
      } catch { throw error.at(path.span) }
    }
    return found
  }

  /// A file that is there and may be read.
  private func resolve(_ file: String, _ path: PathSyntax, _ access: PathAccess, _ streams: InputStreams) throws(Diagnostic) -> FoundFile {
    let location = try access.resolve(file)
    let kind: InputKind
    do throws(Diagnostic) { kind = try InputKind(of: location) } catch {
      if fileExists(location) { throw Diagnostic(error.code, .environment, error.message, notes: error.notes) }
      guard isPattern(path.text) else {
        throw Diagnostic(.fileNotFound, "no file \"\(path.text)\"", suggestion: nearbyFile(file, typed: path.text, access))
      }
      // A name that a pattern found, and yet no file: a link to nothing.
      throw Diagnostic(.fileNotFound, "a link to a file that is not there fits \"\(path.text)\": \(file)")
    }
    switch kind {
    case .file(let path): return FoundFile(path: path, name: nil)
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
