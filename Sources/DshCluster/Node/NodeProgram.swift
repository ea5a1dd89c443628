// An external program of a task on a node: it ends with the task, and with the node.

import DshDiagnostics
import DshEngine
import DshPlan
import DshSystem

/// A program that is given up as soon as its task is cancelled.
final class NodeProgram: RunningProgram {
  private let program: ExternalProgram
  private let context: TaskContext

  /// How long a cancelled task may go unnoticed.
  private static let waitMilliseconds = 50

  init(_ call: ProgramCall, _ context: TaskContext) throws(Diagnostic) {
    self.context = context
    program = try ExternalProgram(
      call.command, folder: call.folder,
      variables: [("DSH_NODE", nodeName(context.node)), ("DSH_TASK", String(context.task))], isGuarded: context.guardsPrograms)
  }

  func send(_ bytes: [UInt8]) { program.send(bytes) }
  func endInput() { program.endInput() }
  var wantsToSend: Bool { program.traffic.wantsToSend }

  func exchange() throws {
    try context.checkCancelled()
    try program.exchange(milliseconds: Self.waitMilliseconds)
  }

  var answerBytes: Int { program.traffic.answerBytes }
  func takeAnswer() -> [UInt8] { program.takeAnswer() }
  var ending: ProgramEnding? { program.ending.map { ProgramEnding(code: $0.code, text: $0.predicate) } }
  var lastWords: [String] { program.traffic.words.lastLines }

  var work: ProgramWork {
    var work = ProgramWork()
    work.processes = 1
    work.sentBytes = program.traffic.sentBytes
    work.answeredBytes = program.traffic.answeredBytes
    work.omittedWordBytes = program.traffic.words.omittedBytes
    work.add(words: program.traffic.words.shownLines)
    return work
  }
}
