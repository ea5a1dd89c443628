// What the runner needs of a session, and how sessions are made.

import DshDiagnostics
import DshSession
import DshRender

/// A fresh session that runs the statements of one golden file.
public protocol GoldenSession: AnyObject {
  /// Runs one statement; gives what it has to say in order, then the failures that ended it (none on success).
  func run(_ statement: SourceText, emit: (Output) -> Void) -> [StatementFailure]
  /// What `set` says.
  var settings: Settings { get }
  /// Ends the session and everything it started.
  func close()
}

/// What a session for a golden file is to be like, besides deterministic.
public struct GoldenConfiguration: Sendable, Hashable {
  /// The golden file.
  public var path: String
  /// Settings by name, from directives and from the matrix.
  public var settings: [String: String]

  public init(path: String, settings: [String: String]) {
    self.path = path
    self.settings = settings
  }

  /// The folder that relative paths start from: that of the golden file.
  public var folder: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Whether nodes die and stop while the file runs.
  var hasChaos: Bool { settings["chaos"] != nil }

  /// Whether stores are so small that statements may be refused for want of room.
  var mayRefuse: Bool { settings["store"] != nil }

  /// `nodes=2 batch-rows=7`, for reports.
  var title: String { settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ") }
}

/// Makes a session, or says which setting is wrong.
public typealias GoldenSessionMaker = (GoldenConfiguration) throws(Diagnostic) -> any GoldenSession

/// The file system as the runner sees it.
public struct GoldenFiles {
  public var read: (String) throws(Diagnostic) -> [UInt8]
  /// Replaces what is in a file.
  public var write: (String, [UInt8]) throws(Diagnostic) -> Void
  /// All files under a path, in name order; the path itself if it is a file.
  public var list: (String) throws(Diagnostic) -> [String]

  public init(
    read: @escaping (String) throws(Diagnostic) -> [UInt8], write: @escaping (String, [UInt8]) throws(Diagnostic) -> Void,
    list: @escaping (String) throws(Diagnostic) -> [String]
  ) {
    self.read = read
    self.write = write
    self.list = list
  }
}
