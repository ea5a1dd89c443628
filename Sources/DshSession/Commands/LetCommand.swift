// `let` and `let NAME`: the scalars there are; making one is a statement of its own kind.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshRender
import DshPlan

struct LetCommand: CommandAction {
  let command = Command.ID.letScalar

  func run(_ context: CommandContext) throws -> RunOutcome {
    let scalars = context.session.state.environment.scalars.compactMapValues(\.value)
    guard let argument = context.argument else {
      context.emit(
        .listing(
          Listing(
            name: "let", columns: [Listing.Column("scalar"), Listing.Column("type"), Listing.Column("value")],
            rows: scalars.sorted { $0.key < $1.key }.map {
              [.string("$" + $0.key), .string($0.value.type.name), CellText.string($0.value).map { .string($0) } ?? .null]
            })))
      return .finished
    }
    let name = argument.text.hasPrefix("$") ? String(argument.text.dropFirst()) : argument.text
    guard let value = scalars[name] else {
      throw Diagnostic(
        .unknownParameter, "no scalar \"$\(name)\"", span: argument.span,
        suggestion: nearestName(to: name, in: scalars.keys.sorted()).map(didYouMean) ?? "make one with: let \(name) = …")
    }
    context.emit(.scalar(name: name, value: value))
    return .finished
  }
}
