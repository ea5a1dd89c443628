// `history save`: the statements typed, as a script.

import DshDiagnostics
import DshLanguage
import DshSystem
import DshRender

struct HistorySaveCommand: CommandAction {
  let command = Command.ID.historySave

  func run(_ context: CommandContext) throws -> RunOutcome {
    let session = context.session
    guard let path = context.argument else { return .finished }
    if session.options.safeRoots != nil { throw Diagnostic(.unsafe, "safe mode writes no files", span: context.command.span) }
    // The statement that saves is not part of what is saved.
    var typed = session.history?().session ?? []
    if typed.last?.isSaving == true { typed.removeLast() }
    let refusal = Diagnostic(
      .fileExists, "\"\(path.text)\" exists already", span: path.span, suggestion: "replace it: history save --force \(path.text)")
    do throws(Diagnostic) {
      let place = absolutePath(path.text, from: currentDirectory())
      let file = try NewFile(path: place, replace: context.has("force"), refusal: refusal)
      try file.write(Array(sessionScript(typed).utf8))
      try file.commit()
    } catch {
      throw error.at(path.span)
    }
    let kept = typed.count { !$0.hasFailed }
    context.emit(
      .lines(["\(path.text): \(counted(kept, "statement"))\(kept < typed.count ? ", \(typed.count - kept) that failed as comments" : "")"]))
    return .finished
  }
}

extension TypedStatement {
  /// Whether it asks for the script it would stand in.
  fileprivate var isSaving: Bool {
    analyze(text).script.statements.contains { if case .command(let command) = $0.kind { command.id == .historySave } else { false } }
  }
}

/// Statements as a script: what failed is commented out, so that the rest runs as it ran.
func sessionScript(_ typed: [TypedStatement]) -> String {
  typed.map { statement in
    guard statement.hasFailed else { return statement.text + "\n" }
    return statement.text.split(separator: "\n", omittingEmptySubsequences: false).map { "# failed: \($0)\n" }.joined()
  }.joined()
}
