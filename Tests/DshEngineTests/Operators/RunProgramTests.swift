// Rows that pass through programs, played by functions.

import DshColumns
import DshDiagnostics
import DshPlan
import Testing

@testable import DshEngine

/// A program that is played: it takes so many bytes at a time, and answers lines as its script says.
final class PlayedProgram: RunningProgram {
  /// What it does with a line of its input; nil at the end of it.
  private let answer: (String?) -> String
  private let bytesAtOnce: Int
  private var pending: [UInt8] = []
  private var line: [UInt8] = []
  private var output: [UInt8] = []
  private var hasEnd = false
  private let code: Int32
  private(set) var ending: ProgramEnding?
  private(set) var work = ProgramWork()
  let lastWords = ["played"]

  init(bytesAtOnce: Int, code: Int32 = 0, answer: @escaping (String?) -> String) {
    self.bytesAtOnce = bytesAtOnce
    self.code = code
    self.answer = answer
    work.processes = 1
  }

  func send(_ bytes: [UInt8]) { pending += bytes }
  func endInput() { hasEnd = true }
  func release() {}
  var wantsToSend: Bool { !pending.isEmpty }

  func exchange() {
    for byte in pending.prefix(bytesAtOnce) {
      work.sentBytes += 1
      if byte == 0x0A {
        output += Array(answer(String(decoding: line, as: UTF8.self)).utf8)
        line = []
      } else {
        line.append(byte)
      }
    }
    pending = Array(pending.dropFirst(bytesAtOnce))
    guard hasEnd, pending.isEmpty else { return }
    output += Array(answer(nil).utf8)
    ending = ProgramEnding(code: code, text: "ended with code \(code)")
  }

  var answerBytes: Int { output.count }

  func takeAnswer() -> [UInt8] {
    defer { output = [] }
    return output
  }
}

@Suite struct RunProgramTests {
  private let schema = Schema([Field("a", .int64)])

  private func run(
    format: String = "jsonl", batchRows: Int = 2, readRows: Int = 3, limit: Int? = nil, code: Int32 = 0,
    _ answer: @escaping @Sendable (String?) -> String
  ) throws -> (rows: [[Value]], report: TaskReport) {
    let environment = MemoryEnvironment()
    environment.programs = { _ in PlayedProgram(bytesAtOnce: 5, code: code, answer: answer) }
    let call = ProgramCall("played", folder: "/", format: format, batchRows: batchRows, schema: schema, isSchemaGiven: true)
    let source = environment.source(batch(integers(1, 2, 3, 4, 5)))
    let report = try runTask(source, [RunProgram(call)], MakeBlock(limit: limit), batchRows: readRows, in: environment)
    return (environment.rows, report)
  }

  private func failure(_ body: () throws -> Void) -> Diagnostic? {
    do {
      try body()
      return nil
    } catch { return error as? Diagnostic ?? (error as? StepError)?.diagnostic }
  }

  @Test func rowsComeBackInOrder() throws {
    for batchRows in [1, 2, 10] {
      for readRows in [1, 3, 10] {
        let (rows, report) = try run(batchRows: batchRows, readRows: readRows) { $0.map { $0 + "\n" } ?? "" }
        #expect(rows == numbers([[1], [2], [3], [4], [5]]))
        #expect(report.programs.batches == (5 + batchRows - 1) / batchRows && report.programs.processes == 1)
        #expect(report.programs.sentBytes == 40)
      }
    }
  }

  @Test func anAnswerMayComeLateOrNotAtAll() throws {
    #expect(try run { $0 == nil ? "{\"a\":1}\n{\"a\":2}" : "" }.rows == numbers([[1], [2]]))
    #expect(try run { _ in "" }.rows == [])
    #expect(try run { line in line.map { "\($0)\n\($0)\n" } ?? "" }.rows.count == 10)
    #expect(try run(format: "csv") { $0.map { $0 + "\n" } ?? "" }.rows == numbers([[1], [2], [3], [4], [5]]))
  }

  @Test func enoughIsEnough() throws {
    let (rows, report) = try run(batchRows: 1, readRows: 1, limit: 2) { $0.map { $0 + "\n" } ?? "" }
    #expect(rows == numbers([[1], [2]]) && !report.isComplete && report.programs.processes == 1)
  }

  @Test func failuresAreTold() {
    let ended = failure { _ = try run(code: 3) { _ in "" } }
    #expect(ended?.code == .programFailed && ended?.message == "the program ended with code 3")
    #expect(ended?.notes == ["it had been given 3 batches, the last with rows 5 to 5 of its task", "it said: played"])
    #expect(ended?.row?.step == 0)
    #expect(failure { _ = try run(code: 127) { _ in "" } }?.message == "the program was not found")
    let answered = failure { _ = try run { $0 == nil ? "{\"a\":1}\n{\"a\":\"x\"}" : "" } }
    #expect(answered?.code == .programAnswer)
    #expect(answered?.message == "what the program answered can't be read: line 2, column a: this is no int64: \"x\"")
  }

  @Test func aProgramThatWasEndedCountsAsFailed() {
    let failure = ProgramFailure(batch: 0, rows: 0..<0, lastWords: []).diagnostic(
      ProgramEnding(code: nil, text: "was ended by signal 9 (Killed)"))
    #expect(failure.message == "the program was ended by signal 9 (Killed)")
    #expect(failure.notes == ["it had been given no rows", "it has said nothing on its error output"])
  }
}
