// A program of the person's, run by the system's shell, with a pipe to each of its streams.
import CDshSystem
import DshDiagnostics
import Glibc

/// A running command, and everything that it starts: they are one process group, which ends with this object at the latest.
public final class ExternalProgram {
  /// What the shell gives back for a command that it does not find, or may not run.
  public static let notFoundCode: Int32 = 127
  public static let notRunnableCode: Int32 = 126

  public private(set) var traffic = ProgramTraffic()
  /// How it ended, once it has.
  public private(set) var ending: ProcessEnding?
  private let process: ChildProcess
  private var input: Descriptor?
  private let output: Descriptor
  private let errorOutput: Descriptor

  /// Most of what one read takes: what a pipe holds.
  private static let readBytes = 64 << 10

  /// Starts a command.
  ///
  /// - Parameters:
  ///   - folder: where it runs.
  ///   - variables: of its environment besides those of this process.
  ///   - isGuarded: whether a process between this one and the command sees to it that the command's processes end with this one, however
  ///     it ends. That is this very program, as `dsh guard`.
  public init(
    _ command: String, folder: String, variables: [(name: String, value: String)] = [], isGuarded: Bool = true
  ) throws(Diagnostic) {
    let input = try Pipe()
    let output = try Pipe()
    let errors = try Pipe()
    let arguments = isGuarded ? ["dsh", programGuardArgument, String(ownProcessID()), command] : ["sh", "-c", command]
    let names = variables.map { $0.name + "=" }
    process = try ChildProcess(
      path: isGuarded ? ChildProcess.ownExecutable : "/bin/sh", arguments: arguments,
      environment: environmentEntries().filter { entry in !names.contains { entry.hasPrefix($0) } }
        + variables.map { "\($0.name)=\($0.value)" },
      input: .descriptor(input.readNumber), output: .descriptor(output.writeNumber), errorOutput: .descriptor(errors.writeNumber),
      folder: folder)
    let own = input.intoWritingEnd()
    self.output = output.intoReadingEnd()
    errorOutput = errors.intoReadingEnd()
    // Refused, this object goes, and the program with it.
    for number in [own.number, self.output.number, errorOutput.number] {
      try checked("make a pipe nonblocking") { dsh_set_nonblocking(number) }
    }
    self.input = consume own
  }

  deinit { if ending == nil { stop() } }

  /// Makes it ready for more than it was started for: what it is given and says is counted anew. False if it does not run any more, or takes no input.
  public func beginAgain() -> Bool {
    var entries = [PollEntry(process.pollNumber)]
    pollOrEnd(&entries, milliseconds: 0)
    if entries[0].isReadable { stop() }
    guard ending == nil, !traffic.isInputClosed else { return false }
    traffic = ProgramTraffic()
    return true
  }

  /// Changes what is on its way.
  public func send(_ bytes: [UInt8]) { traffic.send(bytes) }

  public func endInput() {
    traffic.endInput()
    closeInput()
  }

  public func takeAnswer() -> [UInt8] { traffic.takeAnswer() }

  /// Whether it has ended and all it has written is here.
  public var isFinished: Bool { ending != nil }

  /// Writes and reads what can be at once; waits for at most so long if nothing can.
  ///
  /// - Parameter cancellation: a descriptor that ends the wait when it gets readable.
  /// - Throws: `cancelled` in that case.
  public func exchange(milliseconds: Int, cancellation: Int32? = nil) throws(Diagnostic) {
    guard ending == nil else { return }
    var entries = [PollEntry(process.pollNumber)]
    if !traffic.isAnswerEnded { entries.append(PollEntry(output.number)) }
    if !traffic.areWordsEnded { entries.append(PollEntry(errorOutput.number)) }
    let inputNumber = traffic.wantsToSend ? input?.number : nil
    if let inputNumber { entries.append(PollEntry(inputNumber, waitsForWriting: true)) }
    if let cancellation { entries.append(PollEntry(cancellation)) }
    try poll(&entries, milliseconds: milliseconds)
    if let cancellation, entries[entries.count - 1].isReadable {
      _ = EventDescriptor.take(cancellation)
      throw Diagnostic(.cancelled, "cancelled before anything ran")
    }
    for entry in entries {
      if entry.number == inputNumber, entry.isWritable || entry.isReadable { try sendSome() }
      guard entry.isReadable else { continue }
      if entry.number == output.number { _ = try readAnswer() }
      if entry.number == errorOutput.number { _ = try readWords() }
    }
    closeInput()
    if entries[0].isReadable { try finish() }
  }

  /// Ends it and everything it has started.
  public func stop() {
    if ending != nil { return }
    // Its number stays taken until it is collected, so the group is still its own.
    _ = Glibc.kill(-process.processID, SIGKILL)
    ending = process.collect(wait: true)
  }

  /// The shell has ended: what it has left behind ends too, and what was written is read.
  private func finish() throws(Diagnostic) {
    stop()
    while try readAnswer() {}
    while try readWords() {}
    traffic.noteInputClosed()
    input = nil
  }

  private func closeInput() {
    if traffic.closesInput { traffic.noteInputClosed() }
    if traffic.isInputClosed { input = nil }
  }

  private func sendSome() throws(Diagnostic) {
    guard let number = input?.number else { return }
    let (count, error) = unsafe traffic.withPending { bytes in retried { unsafe dsh_write_quietly(number, bytes.baseAddress, bytes.count) }
    }
    switch error {
    case 0: traffic.noteSent(count)
    case EAGAIN: break
    // It reads no more, which is its right.
    case EPIPE: traffic.noteInputClosed()
    default: throw systemError(error, doing: "write to a program")
    }
  }

  /// Reads once; whether there may be more at once.
  private func readAnswer() throws(Diagnostic) -> Bool {
    guard let bytes = try readSome(output.number, isEnded: traffic.isAnswerEnded) else { return false }
    if bytes.isEmpty { traffic.noteAnswerEnded() } else { traffic.noteAnswer(bytes) }
    return !bytes.isEmpty
  }

  private func readWords() throws(Diagnostic) -> Bool {
    guard let bytes = try readSome(errorOutput.number, isEnded: traffic.areWordsEnded) else { return false }
    if bytes.isEmpty { traffic.noteWordsEnded() } else { traffic.noteWords(bytes) }
    return !bytes.isEmpty
  }

  /// What there is; empty at the end, nil if nothing is there yet.
  private func readSome(_ number: Int32, isEnded: Bool) throws(Diagnostic) -> [UInt8]? {
    if isEnded { return nil }
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.readBytes) { buffer, count in
      let (result, error) = retried { unsafe read(number, buffer.baseAddress, Self.readBytes) }
      count = max(0, result)
      failure = error
    }
    if failure == EAGAIN { return nil }
    if failure != 0 { throw systemError(failure, doing: "read from a program") }
    return bytes
  }
}
