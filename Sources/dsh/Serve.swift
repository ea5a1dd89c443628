// `dsh serve`: the session for another program.

import ArgumentParser
import DshBackend
import DshDiagnostics
import DshServer
import DshSession
import DshSystem

/// The number of an inherited socket, which is no option of the shell.
private let descriptorOption = "--descriptor="

/// Serves until the input ends; the exit code.
func runServe(_ texts: [String]) -> Int32 {
  let numbers = texts.filter { $0.hasPrefix(descriptorOption) }.map { Int32($0.dropFirst(descriptorOption.count)) }
  let arguments: Arguments
  do { arguments = try Arguments.parse(texts.filter { !$0.hasPrefix(descriptorOption) }) } catch {
    if Arguments.exitCode(for: error) == .success { return writeLine(serveUsage, to: 1) }
    writeLine(Arguments.fullMessage(for: error), to: 2)
    return ExitCode.usage
  }
  do throws(Diagnostic) {
    guard numbers.count < 2, !numbers.contains(nil) else {
      throw Diagnostic(.usage, "--descriptor is the number of one inherited socket", notes: [serveUsage])
    }
    guard arguments.commands.isEmpty, arguments.scripts.isEmpty, !arguments.staysInteractive else {
      throw Diagnostic(.usage, "dsh serve takes no statements", notes: [serveUsage])
    }
    let transport = try transport(numbers.first ?? nil)
    let session = try arguments.makeSession()
    defer { session.backend.close(waits: false) }
    try Server(session, transport).run()
    return 0
  } catch {
    writeLine(error.rendered(in: nil), to: 2)
    return ExitCode.code(for: [error])
  }
}

private let serveUsage = "usage: dsh serve [--descriptor=N] [OPTIONS of the shell]; what is said is in docs/protocol.md"

/// The inherited socket, or standard input and output, in whose places nothing is left for others to read or write.
private func transport(_ number: Int32?) throws(Diagnostic) -> Transport {
  if let number { return Transport(socket: try takeOver(number)) }
  return Transport(input: try takeOver(0), output: try takeOver(1))
}
