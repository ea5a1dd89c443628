// `dsh reference`: the reference of the language as Markdown, on standard output.

import ArgumentParser
import DshSession

/// Prints the text of `docs/reference.md`; the exit code.
func printReference(_ texts: [String]) -> Int32 {
  guard texts.isEmpty else {
    writeLine("usage: dsh reference", to: 2)
    return ExitCode.usage
  }
  var text = Reference(commandLine: Arguments.helpMessage(columns: 100)).markdown
  text.removeLast()
  writeLine(text, to: 1)
  return 0
}
