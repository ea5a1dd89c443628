// The program: a node, or the guard of a command, when started as one, otherwise what the command line asks for.

import DshCluster
import DshSystem

fillStandardStreams()
Signal.fileTooLarge.ignore()
allowStack()
// A node is the same program started again; nothing else is looked at first, so that it is up at once.
if CommandLine.arguments.count > 1, CommandLine.arguments[1] == "node" {
  runNode(Array(CommandLine.arguments.dropFirst(2)), body: PipelineBody())
}
// What stands between a node and a command of the person's is this program too.
if CommandLine.arguments.count > 1, CommandLine.arguments[1] == programGuardArgument {
  runProgramGuard(Array(CommandLine.arguments.dropFirst(2)))
}
// So is what takes a half-written folder away when the shell has been killed.
if CommandLine.arguments.count > 1, CommandLine.arguments[1] == folderGuardArgument {
  runFolderGuard(Array(CommandLine.arguments.dropFirst(2)))
}
if let subcommand = CommandLine.arguments.dropFirst().first.flatMap({ Subcommand(rawValue: $0) }) {
  exitAtOnce(subcommand.run(Array(CommandLine.arguments.dropFirst(2))))
}
exitAtOnce(runCommandLine(Array(CommandLine.arguments.dropFirst())))
