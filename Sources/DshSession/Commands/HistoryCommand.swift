// `history` and `history save`: the statements typed, as a list and as a script.

import DshDiagnostics
import DshLanguage
import DshSystem

/// A statement as it was typed, and what became of it.
public struct TypedStatement: Sendable, Hashable {
  public var text: String
  public var hasFailed: Bool

  public init(_ text: String, hasFailed: Bool = false) {
    self.text = text
    self.hasFailed = hasFailed
  }
}

/// What the shell tells of the statements typed.
public struct TypedHistory: Sendable {
  /// Those of this session, in order.
  public var session: [TypedStatement]
  /// Those of earlier sessions and of other shells as well.
  public var all: [String]

  public init(session: [TypedStatement], all: [String]) {
    self.session = session
    self.all = all
  }
}

extension Session {
  /// The statements with their numbers; further lines of one are indented.
  func historyLines(_ command: CommandSyntax) throws -> [String] {
    guard let typed = history?() else { return [] }
    let texts = command.option("all")?.bool == true ? typed.all : typed.session.map(\.text)
    let count = command.arguments.first.flatMap { Int($0.text) }.map { max(0, $0) } ?? texts.count
    let digits = String(texts.count).count
    return texts.enumerated().suffix(count).flatMap { index, text -> [String] in
      text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { line, part in
        let number = String(index + 1)
        let label = line == 0 ? String(repeating: " ", count: digits - number.count) + number : String(repeating: " ", count: digits)
        return "\(label)  \(part)"
      }
    }
  }

  func saveHistory(_ command: CommandSyntax, emit: (Output) -> Void) throws {
    guard let path = command.arguments.first else { return }
    if options.safeRoots != nil { throw Diagnostic("unsafe", .user, "safe mode writes no files", span: command.name.span) }
    // The statement that saves is not part of what is saved.
    var typed = history?().session ?? []
    if typed.last?.text.contains("history save") == true { typed.removeLast() }
    do throws(Diagnostic) {
      let file = try NewFile(path: absolutePath(path.text, from: currentDirectory()), replace: command.option("force")?.bool == true)
      try file.write(Array(sessionScript(typed).utf8))
      try file.commit()
    } catch {
      if error.code == "file-exists" {
        throw Diagnostic(
          "file-exists", .user, "\"\(path.text)\" exists already", span: path.span,
          suggestion: "replace it: history save --force \(path.text)")
      }
      throw error.at(path.span)
    }
    let kept = typed.count { !$0.hasFailed }
    emit(
      .lines(["\(path.text): \(counted(kept, "statement"))\(kept < typed.count ? ", \(typed.count - kept) that failed as comments" : "")"]))
  }
}

/// Statements as a script: what failed is commented out, so that the rest runs as it ran.
func sessionScript(_ typed: [TypedStatement]) -> String {
  typed.map { statement in
    guard statement.hasFailed else { return statement.text + "\n" }
    return statement.text.split(separator: "\n", omittingEmptySubsequences: false).map { "# failed: \($0)\n" }.joined()
  }.joined()
}
