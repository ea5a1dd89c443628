// What the commands do, a line for each.

import DshLanguage

/// What every command does.
enum CommandActionRegistry {
  static let all: [any CommandAction] = [
    NodesCommand(), NodesAddCommand(), NodesKillCommand(), NodesDrainCommand(), BlocksCommand(), TransfersCommand(), DatasetsCommand(),
    RefreshCommand(), ForgetCommand(),
    LetCommand(), DefCommand(), LastCommand(), DiagramCommand(), SetCommand(), UndoCommand(), HelpCommand(), SourceCommand(),
    HistoryCommand(), HistorySaveCommand(), TimingCommand(), ChangeDirectoryCommand(), WorkingDirectoryCommand(), ListFilesCommand(),
    SystemShellCommand(), QuitCommand(command: .quit), QuitCommand(command: .exit),
  ]

  private static let byCommand = Dictionary(uniqueKeysWithValues: all.map { ($0.command, $0) })

  static func action(of command: Command.ID) -> (any CommandAction)? { byCommand[command] }
}
