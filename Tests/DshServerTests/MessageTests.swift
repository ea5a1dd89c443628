// Messages are cut out of any pieces that they come in, and no bytes trap who reads them.

import DshFormats
import Testing

@testable import DshServer

struct MessageTests {
  private func arrivals(_ bytes: [UInt8], pieceBytes: Int) throws -> [MessageAssembler.Arrival] {
    var assembler = MessageAssembler()
    var found: [MessageAssembler.Arrival] = []
    for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
      assembler.append(Array(bytes[start..<min(bytes.count, start + pieceBytes)]))
      while let next = try assembler.next() { found.append(next) }
    }
    return found
  }

  @Test(arguments: [1, 2, 7, 1000]) func messagesComeInPieces(pieceBytes: Int) throws {
    let text =
      Array("{\"do\":\"read_arrow\",\"id\":1,\"bytes\":5}\n".utf8) + [10, 0, 255, 123, 10] + Array("no JSON\n{\"id\":2}\n[1]\n".utf8)
    let found = try arrivals(text + [0xFF, 0x0A], pieceBytes: pieceBytes)
    #expect(found.count == 5)
    guard case .message(let first) = found[0], case .message(let third) = found[2] else {
      Issue.record("the first and the third are messages: \(found)")
      return
    }
    #expect(first.bytes == [10, 0, 255, 123, 10] && first["do"] == .string("read_arrow"))
    #expect(third["id"] == JSONValue(2) && third.bytes.isEmpty)
    for place in [1, 3, 4] {
      guard case .unreadable = found[place] else {
        Issue.record("is no message: \(found[place])")
        continue
      }
    }
  }

  @Test func tooMuchIsRefused() {
    #expect(throws: MessageAssembler.Overflow.self) { try arrivals(Array("{\"bytes\":99999999999}\n".utf8), pieceBytes: 100) }
  }

  @Test func randomBytesNeverTrap() throws {
    var random = SystemRandomNumberGenerator()
    let valid = Array("{\"do\":\"run\",\"id\":1,\"text\":\"count\",\"width\":80}\n{\"do\":\"interrupt\"}\n".utf8)
    for _ in 0..<3000 {
      var bytes = valid
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let found = try? arrivals(bytes, pieceBytes: 11) else { continue }
      for case .message(let message) in found { _ = try? Request(message) }
    }
  }

  @Test func whatGoesOutIsOneLine() {
    var message = OutgoingMessage(event: "output", id: 3)
    message["text"] = .string("a\n\"b\"\u{1}")
    message.attach([1, 2, 3])
    #expect(message.line == Array("{\"event\":\"output\",\"id\":3,\"text\":\"a\\n\\\"b\\\"\\u0001\",\"bytes\":3}\n".utf8))
  }
}
