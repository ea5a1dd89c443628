// Files and folders that go on with the path being typed.

import DshDiagnostics
import DshFormats
import DshLanguage
import DshSystem

/// What a path is wanted for, which decides what is offered first.
enum PathPurpose {
  /// Files that `read` can read come first.
  case data
  case script
  /// Nothing but folders.
  case folder
}

extension Session {
  /// In lists longer than this no sizes are asked for: a question to the file system each.
  static let sizedPathLimit = 200

  /// The entries of the folder being typed, those that suit the purpose first, quoted where that is needed.
  func paths(_ typed: String, for purpose: PathPurpose?) -> [Completion] {
    let quote = typed.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
    let bare = quote == nil ? typed[...] : typed.dropFirst()
    let slash = bare.lastIndex(of: "/").map { bare.index(after: $0) } ?? bare.startIndex
    let folder = String(bare[..<slash])
    let start = String(bare[slash...])
    let place = absolutePath(folder.isEmpty ? "." : folder, from: currentDirectory())
    func isHidden(_ name: String) -> Bool { name.utf8.first == UInt8(ascii: ".") }
    var entries = (try? access.entries(of: place) { $0.hasPrefix(start) && (!isHidden($0) || start.hasPrefix(".")) }) ?? []
    // If nothing begins so, all are searched for what resembles it.
    if entries.isEmpty, !start.isEmpty { entries = (try? access.entries(of: place) { !isHidden($0) }) ?? [] }
    let isShort = entries.count <= Self.sizedPathLimit
    let ranked = entries.compactMap { entry -> (rank: Int, Completion)? in
      var status: FileStatus?
      if isShort || entry.isLink { status = access.status(joinPath(place, entry.name)) }
      let isFolder = entry.isFolder || (entry.isLink && status?.kind == .folder)
      if purpose == .folder, !isFolder { return nil }
      let name = isFolder ? entry.name + "/" : entry.name
      let path = folder.isEmpty ? name : folder + name
      let format = isFolder ? nil : readableFormat(entry.name)
      let size = status.map { bytesText($0.sizeBytes) }
      let description = isFolder ? "folder" : [format, size].compactMap { $0 }.joined(separator: ", ")
      let suits =
        switch purpose {
        case .data: format != nil
        case .script: entry.name.hasSuffix(".dsh")
        case .folder, nil: true
        }
      return (suits ? 0 : isFolder ? 1 : 2, Completion(quoted(path, quote, isFolder: isFolder), description, key: path))
    }
    // Three passes keep the order of names within each rank.
    return (0...2).flatMap { rank in ranked.lazy.filter { $0.rank == rank }.map(\.1) }
  }

  /// The format that `read` would find by the name's ending.
  private func readableFormat(_ name: String) -> String? {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    return Self.readableFormats[name[name.utf8.index(after: dot)...]]
  }

  private static let readableFormats: [Substring: String] = Dictionary(
    FormatRegistry.all.filter(\.canRead).flatMap { format in format.extensions.map { (Substring($0), format.name) } },
    uniquingKeysWith: { first, _ in first })

  /// The path as it is typed; a folder's quote stays open, so that typing goes on inside it.
  private func quoted(_ path: String, _ quote: Character?, isFolder: Bool) -> String {
    guard let mark = quote ?? (isBarePath(path) ? nil : "\"") else { return path }
    return "\(mark)\(path)\(isFolder ? "" : String(mark))"
  }

  private func isBarePath(_ path: String) -> Bool {
    path.utf8.allSatisfy { byte in
      switch Unicode.Scalar(byte) {
      case " ", "\"", "'", "|", ";", ",", "#", "`", "\\": false
      default: true
      }
    }
  }
}
