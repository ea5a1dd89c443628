// `refresh`: computes a kept dataset anew from its inputs as they are now.

import DshDiagnostics
import DshLanguage
import DshRender

struct RefreshCommand: CommandAction {
  let command = Command.ID.refresh

  func run(_ context: CommandContext) throws -> RunOutcome {
    guard let word = context.argument else { return .finished }
    let session = context.session
    if session.options.safeRoots != nil { throw Diagnostic(.unsafe, "safe mode keeps no datasets", span: context.command.span) }
    guard let file = try session.keptFile(word.text) else { throw session.notKept(word) }
    switch file.record.remaking {
    case .impossible(let reason):
      throw Diagnostic(
        .notRefreshable, "\(file.name) can't be made anew: \(reason)", span: word.span,
        suggestion: "make it again, and keep it: … | persist \(file.name)")
    case .recipe(let recipe): try session.make(recipe, as: Name(file.name, span: word.span), emit: context.emit)
    }
    return .finished
  }
}

extension Session {
  /// Runs a recipe and keeps what it makes under a name; the datasets of the session stay as they are.
  fileprivate func make(_ recipe: Recipe, as name: Name, emit: (Output) -> Void) throws {
    var scratch = try state(of: recipe)
    let made = scratch.datasets.nextIndex - 1
    scratch.name(made, name.text)
    let before = state
    state = scratch
    defer { state = before }
    let stage = StageSyntax(.persist, operands: .newDataset(name), at: name.span)
    try perform(stage, on: made, in: SourceText(name: "refresh", text: ""), emit: emit)
  }

  /// The error of a name under which nothing is kept.
  func notKept(_ word: WordSyntax) -> Diagnostic {
    let names = keptNames
    let suggestion: Diagnostic.Suggestion? =
      state.names[word.text] != nil
      ? "it is a dataset of this shell alone; to keep it: persist \(word.text)" : nearestName(to: word.text, in: names).map(didYouMean)
    return Diagnostic(
      .notKept, "no dataset is kept as \"\(word.text)\"", span: word.span, suggestion: suggestion,
      notes: names.isEmpty ? [] : ["kept: \(names.joined(separator: ", "))"])
  }
}
