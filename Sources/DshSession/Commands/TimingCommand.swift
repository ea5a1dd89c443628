// `timing`: switches the times under results.

import DshDiagnostics
import DshLanguage

struct TimingCommand: CommandAction {
  let command = Command.ID.timing

  func run(_ context: CommandContext) throws -> RunOutcome {
    guard let argument = context.argument else {
      context.session.settings.timing.toggle()
      return .finished
    }
    guard Setting.timing.write(&context.session.settings, argument.text) else {
      throw Diagnostic(.badSetting, "timing is on or off", span: argument.span)
    }
    return .finished
  }
}
