// The history file: one statement a line, shared by all shells of a person.

import DshDiagnostics
import DshSystem

/// Where statements are kept between sessions.
public struct HistoryFile: Sendable {
  /// Older entries are not loaded: nobody walks back further, and Ctrl-R stays instant. They stay in the file: cutting it could lose what
  /// another shell is adding.
  static let loadLimit = 10_000
  /// Nor is more than this read from the end of a file that grew for years.
  static let loadLimitBytes = 4 << 20

  public let path: String

  public init(path: String) { self.path = path }

  /// The usual place: `$XDG_STATE_HOME/dsh/history`, by default under `~/.local/state`; nil without a home.
  public static func standardPath(stateHome: String?, home: String?) -> String? {
    if let stateHome, stateHome.hasPrefix("/") { return joinPath(stateHome, "dsh/history") }
    return home.map { joinPath($0, ".local/state/dsh/history") }
  }

  /// The statements in the order in which they were typed; none if there is no readable file.
  public func load() -> [String] {
    guard let bytes = try? end() else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).suffix(Self.loadLimit).map { Self.decode(String(decoding: $0, as: UTF8.self)) }
  }

  /// The last bytes of the file, from the start of a line on.
  private func end() throws(Diagnostic) -> ArraySlice<UInt8> {
    let file = try ReadableFile(path: path)
    let size = try file.status().sizeBytes
    if size <= Self.loadLimitBytes { return try readToEnd(file)[...] }
    var failure: Diagnostic?
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.loadLimitBytes) { buffer, count in
      do throws(Diagnostic) {
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: size - Self.loadLimitBytes)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes.drop { $0 != UInt8(ascii: "\n") }
  }

  /// Adds a statement at once, so that a crash loses nothing and several shells don't lose each other's.
  ///
  /// A statement that begins with a blank is private and not kept.
  public func append(_ statement: String) throws(Diagnostic) {
    if statement.hasPrefix(" ") || statement.allSatisfy(\.isWhitespace) { return }
    try makeFolders()
    try appendToSharedFile(Array((Self.encode(statement) + "\n").utf8), path: path)
  }

  private func makeFolders() throws(Diagnostic) {
    var folder = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/").dropLast() {
      folder = joinPath(folder, String(part))
      if fileExists(folder) { continue }
      do throws(Diagnostic) { try makeFolder(folder) } catch {
        // Another shell may have made it just now.
        if !fileExists(folder) { throw error }
      }
    }
  }

  static func encode(_ statement: String) -> String {
    var line = ""
    for character in statement.unicodeScalars {
      switch character {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      default: line.unicodeScalars.append(character)
      }
    }
    return line
  }

  static func decode(_ line: String) -> String {
    var statement = String.UnicodeScalarView()
    var escaped = false
    for character in line.unicodeScalars {
      if escaped {
        statement.append(character == "n" ? "\n" : character == "r" ? "\r" : character)
        escaped = false
      } else if character == "\\" {
        escaped = true
      } else {
        statement.append(character)
      }
    }
    return String(statement)
  }
}
