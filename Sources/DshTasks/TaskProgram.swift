// An external program of a task: it ends with the task, and, guarded, with the process that runs the task.

import DshDiagnostics
import DshEngine
import DshPlan
import DshSystem

/// A program that is given up as soon as nobody wants the result of its task any more.
public final class TaskProgram: RunningProgram {
  private let program: ExternalProgram
  private let key: WaitingPrograms.Key?
  private let checkCancelled: () throws(Diagnostic) -> Void

  /// How long a cancelled task may go unnoticed.
  private static let waitMilliseconds = 50

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - node: the name of where it runs, and `task` the number of its task: its environment has both.
  ///   - isGuarded: whether this process can be started again as the guard of the program, and is.
  ///   - checkCancelled: throws if nobody wants the result any more.
  public init(
    _ call: ProgramCall, node: String, task: UInt64, isGuarded: Bool, checkCancelled: @escaping () throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    self.checkCancelled = checkCancelled
    let command = call.shellCommand
    key = call.staysRunning ? WaitingPrograms.Key(command: command, folder: call.folder, node: node) : nil
    if let key, let waiting = WaitingPrograms.shared.take(key) {
      program = waiting
      return
    }
    // One that serves many tasks has the number of none.
    let variables = [("DSH_NODE", node)] + (call.staysRunning ? [] : [("DSH_TASK", String(task))])
    program = try ExternalProgram(command, folder: call.folder, variables: variables, isGuarded: isGuarded)
  }

  public func release() {
    if let key { WaitingPrograms.shared.give(program, key) }
  }

  public func send(_ bytes: [UInt8]) { program.send(bytes) }
  public func endInput() { program.endInput() }
  public var wantsToSend: Bool { program.traffic.wantsToSend }

  public func exchange() throws {
    try checkCancelled()
    try program.exchange(milliseconds: Self.waitMilliseconds)
  }

  public var answerBytes: Int { program.traffic.answerBytes }
  public func takeAnswer() -> [UInt8] { program.takeAnswer() }
  public var ending: ProgramEnding? { program.ending.map { ProgramEnding(code: $0.code, text: $0.predicate) } }
  public var lastWords: [String] { program.traffic.words.lastLines }

  public var work: ProgramWork {
    var work = ProgramWork()
    work.processes = 1
    work.sentBytes = program.traffic.sentBytes
    work.answeredBytes = program.traffic.answeredBytes
    work.omittedWordBytes = program.traffic.words.omittedBytes
    work.add(words: program.traffic.words.shownLines)
    return work
  }
}
