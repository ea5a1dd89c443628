// Child processes: spawned, never forked and continued, in a process group of their own with clean signals.
import CDshSystem
import DshDiagnostics
import Glibc

/// How a process ended.
public enum ProcessEnding: Sendable, Equatable, CustomStringConvertible {
  case exited(code: Int32)
  case signalled(Int32)

  /// Whether it gave up by itself, as a program does that gets no memory.
  public var isAbort: Bool { self == .signalled(SIGABRT) }

  /// What it gave back; nil if a signal has ended it.
  public var code: Int32? { if case .exited(let code) = self { code } else { nil } }

  /// What happened to it: `ended with code 1`, `was ended by signal 9 (Killed)`.
  public var predicate: String { code == nil ? "was \(description)" : description }

  public var description: String {
    switch self {
    case .exited(let code): "ended with code \(code)"
    case .signalled(let signal): "ended by signal \(signal) (\(unsafe String(cString: strsignal(signal))))"
    }
  }
}

/// What a child's standard stream is connected to.
public enum ChildStream: Sendable, Equatable {
  case inherited
  case nothing
  /// An open descriptor of the parent, which keeps its own copy.
  case descriptor(Int32)
}

/// A running child, watched through a process descriptor, so that a reused process number can't be confused with it.
public final class ChildProcess: Sendable {
  public let processID: Int32
  private let descriptor: Descriptor

  /// The program of this very process, whatever has become of its file since.
  public static let ownExecutable = "/proc/self/exe"

  /// Starts a program with no inherited descriptors but the named ones.
  ///
  /// - Parameters:
  ///   - arguments: the first is the name the program sees as its own.
  ///   - inherited: descriptors of the parent and the numbers they get in the child (3 and up).
  ///   - ownGroup: a new process group, so that the terminal's signals pass it by.
  ///   - folder: where it runs; nil for the folder of this process.
  public init(
    path: String, arguments: [String], environment: [String]? = nil, input: ChildStream = .nothing, output: ChildStream = .nothing,
    errorOutput: ChildStream = .inherited, inherited: [(own: Int32, child: Int32)] = [], ownGroup: Bool = true,
    folder: String? = nil
  ) throws(Diagnostic) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in [(Int32(0), input), (1, output), (2, errorOutput)] {
      switch stream {
      case .inherited: break
      case .nothing: unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", number == 0 ? O_RDONLY : O_WRONLY, 0)
      case .descriptor(let own): unsafe posix_spawn_file_actions_adddup2(&actions, own, number)
      }
    }
    for (own, child) in inherited { unsafe posix_spawn_file_actions_adddup2(&actions, own, child) }
    if let folder { unsafe dsh_change_folder(&actions, folder) }
    // Others' descriptors that aren't closed on exec, such as those this process got from whoever started it, end here.
    unsafe dsh_close_from(&actions, (inherited.map(\.child).max() ?? 2) + 1)

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (ownGroup ? POSIX_SPAWN_SETPGROUP : 0)))

    var process: pid_t = 0
    let result = unsafe withStringArray(arguments) { argumentPointers in
      if let environment {
        return unsafe withStringArray(environment) { unsafe posix_spawn(&process, path, &actions, &attributes, argumentPointers, $0) }
      }
      return unsafe posix_spawn(&process, path, &actions, &attributes, argumentPointers, dsh_environment())
    }
    guard result == 0 else { throw systemError(result, doing: "start a process", path: path) }
    let number = dsh_process_descriptor(process)
    guard number >= 0 else {
      let error = errno
      _ = Glibc.kill(process, SIGKILL)
      _ = retried { waitpid(process, nil, 0) }
      throw systemError(error, doing: "watch a process")
    }
    processID = process
    descriptor = Descriptor(owning: number)
  }

  /// Readable for `poll` once the process has ended.
  public var pollNumber: Int32 { descriptor.number }

  /// Sends a signal. Harmless when the process has ended, as long as it hasn't been collected.
  public func send(signal: Int32) { _ = Glibc.kill(processID, signal) }

  public func kill() { send(signal: SIGKILL) }

  /// Stops it where it is, until it is resumed or killed.
  public func pause() { send(signal: SIGSTOP) }

  public func resume() { send(signal: SIGCONT) }

  /// Collects an ended process; nil while it runs. Must not be called again once it gave an ending.
  public func collect(wait: Bool) -> ProcessEnding? {
    var status: Int32 = 0
    let (process, _) = retried { unsafe waitpid(processID, &status, wait ? 0 : WNOHANG) }
    guard process == processID else { return process == 0 ? nil : .exited(code: -1) }
    return dsh_exited(status) != 0 ? .exited(code: dsh_exit_code(status)) : .signalled(dsh_ending_signal(status))
  }
}

/// Lends strings as the null-terminated array of C strings that `exec` wants.
private func withStringArray<Result>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
  // Copies that live until the body has returned.
  var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
  unsafe pointers.append(nil)
  defer { for index in strings.indices { unsafe free(pointers[index]) } }
  return unsafe pointers.withUnsafeBufferPointer { buffer in
    // The array ends with nil, so it is never empty and has a base address.
    guard let base = buffer.baseAddress else { preconditionFailure("an argument array without its end") }
    return unsafe body(base)
  }
}

/// The calling process ends with its parent. False if the parent has ended already.
public func endWithParent(_ parent: Int32) -> Bool {
  _ = dsh_set_parent_death_signal(SIGKILL)
  return getppid() == parent
}

/// This process's number.
public func ownProcessID() -> Int32 { getpid() }

/// The name shown by process listings; cut to 15 bytes by the kernel.
public func setProcessName(_ name: String) { _ = dsh_set_process_name(name) }

/// Ends this process at once: no exit handlers, no buffers.
public func exitAtOnce(_ code: Int32) -> Never { _exit(code) }

/// Runs a command with the system's shell on this terminal and waits for it; its exit status, 128 plus the signal if one ended it.
public func runShellCommand(_ command: String) throws(Diagnostic) -> Int {
  let child = try ChildProcess(
    path: "/bin/sh", arguments: ["sh", "-c", command], input: .inherited, output: .inherited, errorOutput: .inherited, ownGroup: false)
  switch child.collect(wait: true) {
  case .exited(let code): return Int(code)
  case .signalled(let signal): return 128 + Int(signal)
  case nil: return 0
  }
}
