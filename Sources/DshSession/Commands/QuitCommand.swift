// `quit` and `exit`: the end of the statements.

import DshLanguage

struct QuitCommand: CommandAction {
  let command: Command.ID

  func foresee(in check: inout ScriptCheck) { check.end() }

  func run(_ context: CommandContext) -> RunOutcome { .quit }
}
