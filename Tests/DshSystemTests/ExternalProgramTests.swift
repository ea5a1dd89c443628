// Real programs at the other end of three pipes.
import DshDiagnostics
import DshSystem
import Testing

@Suite struct ExternalProgramTests {
  private func start(_ command: String, folder: String = "/") throws -> ExternalProgram {
    try ExternalProgram(command, folder: folder, variables: [("DSH_NODE", "node7")], isGuarded: false)
  }

  /// Exchanges until the program has ended.
  private func answer(_ program: ExternalProgram) throws -> [UInt8] {
    while program.ending == nil { try program.exchange(milliseconds: 1000) }
    return program.takeAnswer()
  }

  private func text(_ program: ExternalProgram) throws -> String { String(decoding: try answer(program), as: UTF8.self) }

  @Test func moreThanAnyPipeHoldsGoesBothWays() throws {
    let program = try start("cat")
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
    program.send(bytes)
    program.endInput()
    #expect(try answer(program) == bytes)
    #expect(program.ending == .exited(code: 0))
    #expect(program.traffic.sentBytes == bytes.count && program.traffic.answeredBytes == bytes.count)
  }

  /// To write to it raises no signal, though nothing here has said that it is to be ignored.
  @Test func aProgramMayReadNothing() throws {
    let program = try start("exec <&-; echo 5; sleep 0.2")
    while program.traffic.answerBytes == 0 { try program.exchange(milliseconds: 1000) }
    program.send([UInt8](repeating: 1, count: 1_000_000))
    program.endInput()
    #expect(try text(program) == "5\n")
    #expect(program.ending?.code == 0)
  }

  @Test func itsEndingAndItsWordsAreTold() throws {
    let failing = try start("echo no >&2; exit 3")
    failing.endInput()
    #expect(try text(failing) == "" && failing.ending == .exited(code: 3) && failing.traffic.words.lastLines == ["no"])
    let killed = try start("kill -9 $$")
    #expect(try text(killed) == "" && killed.ending == .signalled(9))
    let missing = try start("/no/such/program")
    #expect(try text(missing) == "" && missing.ending == .exited(code: ExternalProgram.notFoundCode))
  }

  @Test func folderAndVariables() throws {
    let program = try start("pwd; echo $DSH_NODE", folder: "/usr")
    #expect(try text(program) == "/usr\nnode7\n")
    let error = #expect(throws: Diagnostic.self) { try start("pwd", folder: "/no/such/folder") }
    #expect(error?.code == .fileNotFound)
  }

  @Test func whatItLeavesBehindEnds() throws {
    let program = try start("sleep 1000 & echo $!")
    let answer = try text(program)
    let process = try #require(Int32(answer.dropLast()))
    var isThere = true
    while isThere {
      isThere = (try? readWholeFile("/proc/\(process)/stat")).map { !String(decoding: $0, as: UTF8.self).contains(") Z ") } ?? false
    }
    #expect(!isThere)
  }

  @Test func itEndsWithItsObject() throws {
    var program: ExternalProgram? = try start("echo $$; sleep 1000")
    while program?.traffic.answerBytes == 0 { try program?.exchange(milliseconds: 1000) }
    let answer = String(decoding: program?.takeAnswer() ?? [], as: UTF8.self)
    let process = try #require(Int32(answer.dropLast()))
    program = nil
    #expect((try? readWholeFile("/proc/\(process)/stat")) == nil)
  }
}
