// `help`: everything it says comes from the registries.

import DshLanguage
import DshRender

struct HelpCommand: CommandAction {
  let command = Command.ID.help

  func run(_ context: CommandContext) throws -> RunOutcome {
    context.emit(.lines(try lines(context.command)))
    return .finished
  }

  private func lines(_ command: CommandSyntax) throws -> [String] {
    if let word = command.option("search")?.value?.text { return try Help.lines(speakingOf: word, span: command.option("search")?.span) }
    guard let argument = command.arguments.first else { return Help.overview }
    return try Help.lines(on: argument.text, span: argument.span)
  }
}
