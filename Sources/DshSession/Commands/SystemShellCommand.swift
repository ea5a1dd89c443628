// `!`: the rest of the line for the system's shell.

import DshDiagnostics
import DshLanguage
import DshSystem

struct SystemShellCommand: CommandAction {
  let command = Command.ID.systemShell

  func foresee(in check: inout ScriptCheck) { check.noteAnythingWritten() }

  func run(_ context: CommandContext) throws -> RunOutcome {
    if context.session.options.safeRoots != nil {
      throw Diagnostic(.unsafe, "safe mode runs no commands", span: context.command.span)
    }
    let status = try context.session.withTerminalLent { () throws(Diagnostic) in try runShellCommand(context.command.rest) }
    if status != 0 {
      throw Diagnostic(.commandFailed, "the command ended with status \(status)", span: context.command.span)
    }
    return .finished
  }
}
