// `def` and `def NAME`: the definitions there are; making one is a statement of its own kind.

import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender
import DshColumns

struct DefCommand: CommandAction {
  let command = Command.ID.definition

  func run(_ context: CommandContext) throws -> RunOutcome {
    let definitions = context.session.state.environment.definitions
    guard let argument = context.argument else {
      context.emit(
        .listing(
          Listing(
            name: "def", columns: [Listing.Column("definition"), Listing.Column("is")],
            rows: definitions.values.sorted { $0.name < $1.name }.map { [.string($0.usage), .string($0.body.printed)] })))
      return .finished
    }
    guard let definition = definitions[argument.text] else {
      throw Diagnostic(
        .unknownFunction, "no definition \"\(argument.text)\"", span: argument.span,
        suggestion: nearestName(to: argument.text, in: definitions.keys.sorted()).map(didYouMean)
          ?? "make one with: def \(argument.text)(x) = …")
    }
    context.emit(.lines(["def \(definition.usage) = \(definition.body.printed)"]))
    return .finished
  }
}
