// What is on its way between a program and whoever runs it.
import DshSystem
import Testing

@Suite struct ProgramTrafficTests {
  private func pending(_ traffic: ProgramTraffic) -> [UInt8] { traffic.withPending { Array($0) } }

  @Test func bytesGoInPieces() {
    var traffic = ProgramTraffic()
    #expect(!traffic.wantsToSend)
    traffic.send([1, 2, 3])
    traffic.noteSent(2)
    traffic.send([4])
    #expect(pending(traffic) == [3, 4])
    traffic.noteSent(2)
    #expect(!traffic.wantsToSend && traffic.sentBytes == 4)
    traffic.send([5])
    #expect(pending(traffic) == [5])
  }

  @Test func theInputIsClosedOnceAllIsSent() {
    var traffic = ProgramTraffic()
    traffic.send([1])
    traffic.endInput()
    #expect(!traffic.closesInput && traffic.wantsToSend)
    traffic.noteSent(1)
    #expect(traffic.closesInput)
    traffic.noteInputClosed()
    #expect(!traffic.closesInput && traffic.isInputClosed)
  }

  @Test func whatAProgramDoesNotReadIsDropped() {
    var traffic = ProgramTraffic()
    traffic.send([1, 2])
    traffic.noteInputClosed()
    #expect(!traffic.wantsToSend && traffic.sentBytes == 0)
    traffic.send([3])
    traffic.endInput()
    #expect(!traffic.wantsToSend && !traffic.closesInput)
  }

  @Test func theAnswerIsTakenOnce() {
    var traffic = ProgramTraffic()
    traffic.noteAnswer([1])
    traffic.noteAnswer([2, 3])
    #expect(traffic.answerBytes == 3 && traffic.takeAnswer() == [1, 2, 3] && traffic.takeAnswer().isEmpty)
    traffic.noteAnswerEnded()
    #expect(traffic.isAnswerEnded && !traffic.areWordsEnded && traffic.answeredBytes == 3)
  }
}

@Suite struct ProgramWordsTests {
  @Test func theFirstAndTheLastLinesAreKept() {
    var words = ProgramWords()
    for number in 0..<5000 { words.append(Array("line \(number)\n\n".utf8)) }
    #expect(words.shownLines.first == "line 0")
    #expect(words.lastLines == (4995..<5000).map { "line \($0)" })
    #expect(words.byteCount == words.omittedBytes + 4096)
  }

  @Test func whatIsNoTextIsShown() {
    var words = ProgramWords()
    words.append([0x61, 0x1B, 0x5B, 0xFF, 0x0D, 0x0A, 0x20, 0x0A])
    #expect(words.shownLines == ["a [\u{FFFD}"] && words.omittedBytes == 0)
    #expect(ProgramWords().lastLines.isEmpty)
  }
}
