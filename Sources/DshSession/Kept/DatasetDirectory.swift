// Where the datasets lie that are kept beyond the shell, and which names files have there.

import DshDiagnostics
import DshLanguage
import DshSystem

/// The place of kept datasets: one file for each, `NAME.arrow`.
public struct DatasetDirectory: Sendable, Hashable {
  /// A folder that a person may have put behind links.
  private let base: String
  /// The last parts of the path, which are no links and belong to the person alone.
  private let parts: [String]

  private static let ending = ".arrow"
  /// What file systems take as a name, less what a name has before it is whole.
  private static let nameLimitBytes = 200

  /// A folder that somebody asked for; relative paths begin at the current one.
  public init(path: String) {
    let absolute = withoutSlashes(absolutePath(path, from: currentDirectory()))
    base = parentFolder(of: absolute)
    parts = absolute == base ? [] : [String(absolute.dropFirst(base == "/" ? 1 : base.count + 1))]
  }

  /// The usual folder: in `XDG_DATA_HOME`, else in the home folder; nil where there is neither.
  public init?(dataHome: String?, home: String?) {
    if let dataHome, dataHome.hasPrefix("/") {
      base = withoutSlashes(dataHome)
    } else if let home, home.hasPrefix("/") {
      base = joinPath(home, ".local/share")
    } else {
      return nil
    }
    parts = ["dsh", "datasets"]
  }

  public var path: String { parts.reduce(base, joinPath) }

  /// The folder itself; nil if it is not there and is not to be made.
  func open(makes: Bool) throws(Diagnostic) -> PrivateFolder? { try PrivateFolder(parts, in: base, makes: makes) }

  /// The file of a dataset.
  ///
  /// - Throws: `name-too-long` for a name that is too long.
  static func fileName(of name: String) throws(Diagnostic) -> String {
    guard name.utf8.count <= nameLimitBytes else {
      throw Diagnostic(
        .nameTooLong, "a kept dataset's name has at most \(nameLimitBytes) bytes, and this one \(groupedText(name.utf8.count))",
        suggestion: "choose a shorter one")
    }
    return name + ending
  }

  /// The same for a name that was typed as that of a dataset which is there; nil for one that no kept dataset can have.
  static func possibleFileName(of name: String) -> String? {
    guard let file = try? fileName(of: name), self.name(ofFile: file) != nil else { return nil }
    return file
  }

  /// The dataset that a file is; nil for files that are none.
  static func name(ofFile file: String) -> String? {
    guard file.hasSuffix(ending) else { return nil }
    let name = String(file.dropLast(ending.count))
    // Files whose names are none in the language are nobody's business.
    return isName(name) ? name : nil
  }
}
