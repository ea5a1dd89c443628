// Files of other systems: byte-order marks, carriage returns, and files in which nothing would be run.

import DshDiagnostics
import DshSession
import Testing
import DshRender

@testable import DshGolden

@Suite struct GoldenFileTextTests {
  @Test(arguments: [
    "dsh> one\none\n", "\u{FEFF}dsh> one\none\n", "dsh> one\r\none\r\n", "\u{FEFF}dsh> one\r\none", "#: nodes=2\r\ndsh> one\r\none\r\n",
  ])
  func runAndWrittenBack(text: String) throws {
    #expect(try GoldenFileText(Array(text.utf8)).bytes(of: GoldenFileText(Array(text.utf8)).text) == Array(text.utf8))
    let bench = GoldenBench(["t/a.golden": text])
    #expect(try bench.run() == 0)
    bench.answer = { statement, _ in
      #expect(statement.utf8.elementsEqual("one".utf8))
      return ([.lines(["two", "three"])], [])
    }
    #expect(try bench.run() == 1)
    #expect(try bench.run { $0.updates = true } == 0)
    let end = text.contains("\r\n") ? "\r\n" : "\n"
    let updated = try #require(bench.contents["t/a.golden"])
    #expect(
      String(decoding: updated, as: UTF8.self).utf8.elementsEqual(text.replacing("one\(end)one", with: "one\(end)two\(end)three").utf8))
    #expect(try bench.run() == 0)
  }

  @Test(arguments: [
    "", "\n", "prose\n", "\r\n\r\n", "prose\r\n", "dsh>\n", "dsh> \ndsh>  \n", "dsh>one\none\n", " dsh> one\none\n",
    "prose\rdsh> one\rone\r",
    "dsh> one\rone\r", "dsh> one\r\none\nmore\r\n", "dsh> one\none\r\n", "prose\n\u{FEFF}dsh> one\none\n", "d\0s\0h\0>\0 \0o\0n\0e\0\n",
  ])
  func nothingPassesUnrun(text: String) throws {
    let bench = GoldenBench(["t/a.golden": text])
    #expect(try bench.run() == 1, "\(text.debugDescription)")
    #expect(bench.printed.last == "0 passed, 1 failed" && bench.printed.contains { $0.contains("error[") })
    #expect(try bench.run { $0.paths = ["t/a.golden"] } == 1)
  }

  @Test func otherEncodingsAreRefused() throws {
    let bench = GoldenBench([:])
    bench.contents["t/a.golden"] = [0xFF, 0xFE] + Array("dsh> one\none\n".utf8).flatMap { [$0, 0] }
    bench.contents["t/b.golden"] = Array("dsh> one\n".utf8) + [0xE9, 0x0A]
    bench.contents["t/c.golden"] = Array("dsh> one\none\n".utf8)
    #expect(try bench.run() == 1)
    #expect(bench.printed.last == "1 passed, 2 failed")
  }

  @Test func everyNamedPathHasToHoldSomething() throws {
    let bench = GoldenBench(["t/a.golden": "dsh> one\none\n", "empty/readme.md": "prose\n", "plain.md": "prose\n"])
    #expect(try bench.run { $0.paths = ["t", "empty"] } == 1)
    #expect(try bench.run { $0.paths = ["t", "plain.md"] } == 1)
    #expect(try bench.run { $0.paths = ["t"] } == 0)
  }

  @Test func documentsMayShowIndentedPrompts() throws {
    let bench = GoldenBench(["t/a.md": "    dsh> not run\n\ndsh> one\none\n"])
    #expect(try bench.run() == 0)
  }
}
