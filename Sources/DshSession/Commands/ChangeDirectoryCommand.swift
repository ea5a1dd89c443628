// `cd`: another folder that paths start from.

import DshDiagnostics
import DshLanguage
import DshSystem

struct ChangeDirectoryCommand: CommandAction {
  let command = Command.ID.changeDirectory

  func foresee(in check: inout ScriptCheck) { check.end() }

  func run(_ context: CommandContext) throws -> RunOutcome {
    let argument = context.argument
    let typed = argument?.text ?? homeFolder() ?? "/"
    let folder = try context.session.access.resolve(absolutePath(typed, from: currentDirectory()), at: argument?.span)
    do { try changeFolder(folder) } catch {
      throw Diagnostic(error.code, error.category, "can't change to the folder: \(typed)", span: argument?.span, notes: error.notes)
    }
    return .finished
  }
}
