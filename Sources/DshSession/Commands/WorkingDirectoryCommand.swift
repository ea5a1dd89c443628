// `pwd`: the folder that paths start from.

import DshLanguage
import DshSystem
import DshRender

struct WorkingDirectoryCommand: CommandAction {
  let command = Command.ID.workingDirectory

  func run(_ context: CommandContext) throws -> RunOutcome {
    context.emit(.lines([try currentFolder()]))
    return .finished
  }
}
