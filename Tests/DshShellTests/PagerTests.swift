// When a result is too large for the terminal, and which program shows it then.
import Testing

@testable import DshShell

@Suite struct PagerTests {
  private func size(_ parts: String...) -> TextSize {
    var size = TextSize()
    for part in parts { size.add(part.utf8) }
    return size
  }

  @Test func linesAndCells() {
    #expect(size("ab\ncdef\n").lines == 2 && size("ab\ncdef\n").widest == 4)
    // Parts may end anywhere, even inside a character or a colour.
    var split = TextSize()
    for byte in "é\u{1B}[2mxyz\u{1B}[0m\n".utf8 { split.add([byte]) }
    #expect(split.lines == 1 && split.widest == 4)
  }

  @Test func brokenLinesCount() {
    let text = size(String(repeating: "x", count: 81) + "\n" + String(repeating: "y", count: 80) + "\nshort\n")
    #expect(text.lines == 3 && text.wrappedLines(80) == 4 && text.wrappedLines(40) == 6 && text.wrappedLines(200) == 3)
  }

  @Test func theProgram() {
    func command(_ variables: [String: String], less: Bool = true) -> String? {
      PagerProgram.asked(environment: { variables[$0] }, exists: { _ in less })?.command
    }
    #expect(command([:]) == "less")
    #expect(command([:], less: false) == nil)
    #expect(command(["PAGER": "most -w"]) == "most -w")
    #expect(command(["PAGER": "most", "DSH_PAGER": "less -R"]) == "less -R")
    #expect(command(["PAGER": "most", "DSH_PAGER": ""]) == nil)
    #expect(command(["PAGER": "cat"]) == nil)
    // One that is not there is passed over.
    func asked(_ pager: String) -> String? {
      PagerProgram.asked(environment: { ["PAGER": pager, "PATH": "/bin"][$0] }, exists: { $0 == "/bin/less" || $0 == "/opt/most" })?.command
    }
    #expect(asked("most -w") == "less" && asked("/opt/most -w") == "/opt/most -w" && asked("$(which most)") == "$(which most)")
  }

  @Test func inSafeModeThePagerDoesNothingButShow() throws {
    #expect(PagerProgram.secure(environment: { ["PAGER": "", "PATH": "/usr/bin"][$0] }) == nil)
    #expect(PagerProgram.secure(environment: { ["PATH": "/nowhere"][$0] }) == nil)
    let program = PagerProgram(command: "less", isSecure: true)
    let own = ["HOME=/h", "LESS=-o log", "LESSOPEN=|cat /etc/passwd", "LESSSECURE=0"]
    let environment = program.environment(of: own, isTable: true)
    #expect(environment == ["HOME=/h", "LESS=-SR", "LESSCHARSET=utf-8", "LESSSECURE=1"])
    let open = PagerProgram(command: "less", isSecure: false).environment(of: own, isTable: false)
    #expect(open == own + ["LESSCHARSET=utf-8"])
  }
}
