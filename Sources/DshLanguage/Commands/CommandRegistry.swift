// Every command, in the order in which help lists them.
import DshDiagnostics

/// The commands, by name and in order.
public enum CommandRegistry {
  public static let all: [Command] = [
    .nodes, .nodesAdd, .nodesKill, .nodesDrain, .blocks, .transfers, .datasets, .refresh, .forget,
    .letScalar, .definition, .last, .diagram, .set, .undo,
    .help, .source, .history, .historySave, .timing,
    .changeDirectory, .workingDirectory, .listFiles, .systemShell, .quit, .exit,
  ]

  private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

  /// The command of exactly that name, such as `nodes add`; for the parser, and for what else is about words. Behind it commands are told by
  /// their identity.
  public static func command(named name: String) -> Command? { byID[Command.ID(name)] }

  /// The description of a command; nil if it is not registered.
  public static func command(_ id: Command.ID) -> Command? { byID[id] }

  /// The words that a second word may make another command of: `add`, `kill`, `drain` for `nodes`.
  public static func secondWords(of first: String) -> [String] {
    all.compactMap { $0.name.hasPrefix(first + " ") ? String($0.name.dropFirst(first.count + 1)) : nil }
  }
}
