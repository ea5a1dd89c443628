// How far a run has come, in as many words as fit.
import DshBackend
import DshDiagnostics
import DshSession
import Testing
import DshRender

@testable import DshShell

@Suite struct ProgressLineTests {
  private let running = RunProgress(
    totalTasks: 40, finishedTasks: 10, seconds: 2, scannedRows: 6_400_000, scannedBytes: 800 << 20,
    nodes: [.init(name: "node1", slots: 2, runningTasks: 1), .init(name: "node2", slots: 2, runningTasks: 2)])

  @Test func everythingWhereThereIsRoom() {
    #expect(
      ProgressLine.text(running, width: 200)
        == "██▌        10 of 40 blocks, 2.00 s; 3.2 M rows/s, 400 MiB/s, about 6.00 s left; node1 ▰▱ node2 ▰▰; Ctrl-C cancels")
    #expect(ProgressLine.text(running, width: 200, drawing: .ascii).hasSuffix("; node1 #- node2 ##; Ctrl-C cancels"))
  }

  @Test(arguments: Array(2...130)) func fits(_ width: Int) {
    #expect(displayWidth(ProgressLine.text(running, width: width)) < width)
    if width > 30 { #expect(ProgressLine.text(running, width: width).contains("Ctrl-C cancels")) }
  }

  @Test func nodesThatDoNotAnswer() {
    var waiting = running
    waiting.silentNodes = ["node2"]
    #expect(ProgressLine.text(waiting, width: 80) == "cancelling: node2 doesn't answer; Ctrl-C again ends it")
    #expect(ProgressLine.text(waiting, width: 40) == "cancelling; Ctrl-C again ends it")
    #expect(ProgressLine.text(waiting, width: 8) == "cancel…")
    waiting.silentNodes = ["node1", "node2"]
    #expect(ProgressLine.text(waiting, width: 80) == "cancelling: node1, node2 don't answer; Ctrl-C again ends them")
  }

  /// A guess needs something to go by.
  @Test func noRestBeforeSomethingIsDone() {
    func left(_ finished: Int, of total: Int) -> Double? {
      ProgressLine.secondsLeft(RunProgress(totalTasks: total, finishedTasks: finished, seconds: 1))
    }
    #expect(left(0, of: 10) == nil && left(3, of: 10) == nil && left(5, of: 200) == nil)
    #expect(left(5, of: 10) == 1 && left(10, of: 10) == nil && left(10, of: 100) == 9)
  }
}
