// What a command does, and what it works with.

import DshBackend
import DshDiagnostics
import DshLanguage
import DshRender

/// What one command does: a file beside this one and a line in `CommandActionRegistry` for each.
protocol CommandAction: Sendable {
  var command: Command.ID { get }

  /// Tells the look through a script what it has to know of the command before anything runs.
  func foresee(in check: inout ScriptCheck)

  func run(_ context: CommandContext) throws -> RunOutcome
}

extension CommandAction {
  func foresee(in check: inout ScriptCheck) {}
}

/// What a command works with.
struct CommandContext {
  let session: Session
  let command: CommandSyntax
  let emit: (Output) -> Void

  var backend: any Backend { session.backend }

  func nodes() throws -> [NodeSummary] { try backend.nodes(cancellation: session.observer.cancellation) }

  /// The first word behind the command.
  var argument: WordSyntax? { command.arguments.first }

  /// Whether a flag is given.
  func has(_ flag: String) -> Bool { command.option(flag)?.bool == true }
}

extension Session {
  /// Runs a command.
  func run(_ command: CommandSyntax, emit: (Output) -> Void) throws -> RunOutcome {
    guard let action = CommandActionRegistry.action(of: command.id) else {
      preconditionFailure("an action for each command: \(command.id.name)")
    }
    let outcome = try withoutActuallyEscaping(emit) { emit in
      try action.run(CommandContext(session: self, command: command, emit: { emit($0.presented(as: command.outputFormat)) }))
    }
    if outcome == .finished { for notice in backend.takeNotices() { emit(.notice(notice)) } }
    return outcome
  }
}
