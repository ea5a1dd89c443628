// `source`: runs the statements of a file.

import DshLanguage

struct SourceCommand: CommandAction {
  let command = Command.ID.source

  func foresee(in check: inout ScriptCheck) { check.end() }

  func run(_ context: CommandContext) throws -> RunOutcome {
    guard let file = context.argument else { return .finished }
    return try context.session.runFile(file.text, span: file.span, emit: context.emit)
  }
}
