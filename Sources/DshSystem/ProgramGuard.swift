// The process between a node and a command that the node runs: it ends all of the command's processes when the node is gone.
import CDshSystem
import DshDiagnostics
import Glibc

/// What makes this program a guard: `dsh guard PARENT COMMAND`.
public let programGuardArgument = "guard"

/// Runs a command with the system's shell on this process's streams, in this process's group, and ends as it does. If the parent ends
/// first, so does the whole group: the kernel tells this process alone, and what the shell has started would not hear of it.
///
/// - Parameter arguments: what stands behind `dsh guard`.
public func runProgramGuard(_ arguments: [String]) -> Never {
  var awaited = sigset_t()
  unsafe sigemptyset(&awaited)
  for signal in [SIGTERM, SIGCHLD] { unsafe sigaddset(&awaited, signal) }
  unsafe sigprocmask(SIG_BLOCK, &awaited, nil)
  _ = dsh_set_parent_death_signal(SIGTERM)
  guard arguments.count == 2, let parent = Int32(arguments[0]), getppid() == parent else { exitAtOnce(GuardExit.noParent) }
  let shell: ChildProcess
  do throws(Diagnostic) {
    shell = try ChildProcess(
      path: "/bin/sh", arguments: ["sh", "-c", arguments[1]], input: .inherited, output: .inherited, errorOutput: .inherited,
      ownGroup: false)
  } catch {
    try? writeAll(Array("\(([error.message] + error.notes).joined(separator: "; "))\n".utf8), to: 2)
    exitAtOnce(ExternalProgram.notRunnableCode)
  }
  // The streams are the command's alone: they end when it closes them.
  for number: Int32 in 0...2 { close(number) }
  while true {
    var signal: Int32 = 0
    guard unsafe sigwait(&awaited, &signal) == 0 else { continue }
    if signal == SIGTERM { kill(0, SIGKILL) }
    switch shell.collect(wait: false) {
    case nil: continue
    case .exited(let code): exitAtOnce(code)
    case .signalled(let signal): endLike(signal)
    }
  }
}

/// Ends by a signal, without a memory dump.
private func endLike(_ signal: Int32) -> Never {
  var none = rlimit()
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  var all = sigset_t()
  unsafe sigfillset(&all)
  unsafe sigprocmask(SIG_UNBLOCK, &all, nil)
  _ = dsh_default_signal(signal)
  raise(signal)
  exitAtOnce(128 + signal)
}

private enum GuardExit {
  static let noParent: Int32 = 70
}
