// Requests as they are read from messages, and what an interrupt hits.

import DshFormats
import Testing

@testable import DshServer

struct RequestTests {
  private func request(_ line: String) throws -> Request {
    var assembler = MessageAssembler()
    assembler.append(Array((line + "\n").utf8))
    guard case .message(let message) = try assembler.next() else { throw RequestMistake(id: nil, problem: "no message") }
    return try Request(message)
  }

  @Test func eachIsRead() throws {
    var run = RunRequest(text: "count")
    #expect(try request("{\"do\":\"run\",\"id\":1,\"text\":\"count\",\"new\":[1]}") == Request(id: 1, action: .run(run)))
    (run.name, run.width, run.keepsGoing, run.wantsPictures, run.echoes) = ("cell 1", 40, true, true, true)
    let all = "\"name\":\"cell 1\",\"width\":40,\"keep_going\":true,\"pictures\":true,\"echo\":true"
    #expect(try request("{\"do\":\"run\",\"id\":1,\"text\":\"count\",\(all)}") == Request(id: 1, action: .run(run)))
    #expect(try request("{\"do\":\"interrupt\"}") == Request(id: 0, action: .interrupt))
    #expect(
      try request("{\"do\":\"rows\",\"id\":2,\"name\":\"a\",\"first\":null}") == Request(id: 2, action: .rows(dataset: "a", first: nil)))
    #expect(
      try request("{\"do\":\"complete\",\"id\":3,\"text\":\"ta\",\"offset\":2}") == Request(id: 3, action: .complete(text: "ta", offset: 2))
    )
  }

  @Test(
    arguments: [
      ("{\"do\":\"run\",\"id\":1}", 1), ("{\"do\":\"run\",\"id\":1,\"text\":5}", 1), ("{\"do\":\"fly\",\"id\":7}", 7), ("{\"id\":7}", 7),
      ("{\"do\":\"run\",\"text\":\"count\"}", nil), ("{\"do\":\"run\",\"id\":-1,\"text\":\"\"}", nil),
      ("{\"do\":\"run\",\"id\":1.5,\"text\":\"\"}", nil),
      ("{\"do\":\"run\",\"id\":1,\"text\":\"\",\"echo\":1}", 1),
    ] as [(String, Int?)])
  func othersAreRefused(line: String, id: Int?) {
    let mistake = #expect(throws: RequestMistake.self) { try request(line) }
    #expect(mistake?.id == id)
  }

  @Test func interruptsHitTheirRun() {
    var inbox = InboxState()
    let (first, second) = (Request(id: 1, action: .datasets), Request(id: 2, action: .datasets))
    #expect(inbox.receive(Request(id: 0, action: .interrupt)) == .none, "nothing runs")
    #expect(inbox.receive(first) == .none && inbox.receive(second) == .none)
    #expect(inbox.receive(Request(id: 1, action: .interrupt)) == .none, "it waits")
    #expect(inbox.begin()?.isCancelled == true)
    inbox.finish()
    #expect(inbox.begin()?.isCancelled == false)
    #expect(inbox.receive(Request(id: 1, action: .interrupt)) == .none, "it is over")
    #expect(inbox.receive(Request(id: 2, action: .interrupt)) == .interrupt)
    #expect(inbox.receive(Request(id: 0, action: .interrupt)) == .interrupt)
    inbox.finish()
    #expect(inbox.begin()?.request == nil)
    #expect(inbox.receive(first) == .none)
    inbox.end(isGone: false)
    #expect(inbox.isEnded && inbox.begin()?.request == first)
    inbox.end(isGone: true)
    #expect(inbox.begin()?.request == nil)
  }

  @Test func textIsCutAtCharacters() {
    var pieces = UTF8Pieces()
    let bytes = Array("aé€😀".utf8)
    var text = ""
    for byte in bytes { text += pieces.take([byte]) }
    #expect(text == "aé€😀")
    #expect(pieces.take([0xFF, 0x41]) == "\u{FFFD}A")
  }
}
