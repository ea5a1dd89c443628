// `forget`: removes a kept dataset.

import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender
import DshSystem

struct ForgetCommand: CommandAction {
  let command = Command.ID.forget

  func run(_ context: CommandContext) throws -> RunOutcome {
    guard let word = context.argument else { return .finished }
    let session = context.session
    if session.options.safeRoots != nil { throw Diagnostic(.unsafe, "safe mode keeps no datasets", span: context.command.span) }
    // What is damaged, or a link, can be removed as well; it is not looked at.
    let size = (try? session.keptFile(word.text)).flatMap { $0 }.map { ": \($0.sizeText)" }
    guard let folder = try session.keptFolder(), let name = DatasetDirectory.possibleFileName(of: word.text), try folder.remove(name)
    else { throw session.notKept(word) }
    session.openedKept[word.text] = nil
    session.state.forget(word.text)
    context.emit(.notice("\(word.text) forgotten\(size ?? "")"))
    return .finished
  }
}

extension SessionState {
  /// Takes the name from a dataset that is no more than a kept one.
  fileprivate mutating func forget(_ name: String) {
    guard let index = names[name], keptFile(index)?.name == name else { return }
    names[name] = nil
    datasets[index].name = nil
  }
}
