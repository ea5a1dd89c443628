// The messages of the bridge: what its Python writes is read, and nothing that it could write traps.

import DshColumns
import Testing

@testable import DshCluster

@Suite struct BridgeMessageTests {
  @Test func readsWhatTheBridgeWrites() throws {
    var writer = ByteWriter()
    writer.write(UInt8(3))
    writer.write(UInt64(7))
    writer.write("ab")
    writer.write([UInt8]([1, 2, 3]))
    writer.write([("cd", 40)]) { writer, movement in
      writer.write(movement.0)
      writer.write(movement.1)
    }
    writer.write(-1)
    writer.write(false)
    writer.write(0.5)
    let answer = RayAnswer(
      task: 7, node: "ab", outcome: [1, 2, 3], moved: [RayMovement(from: "cd", byteCount: 40)], blockBytes: nil, isInline: false,
      seconds: 0.5)
    #expect(try BridgeReply(decoding: writer.bytes) == .done(answer))
    #expect(throws: DecodingFailure.self) { try BridgeReply(decoding: writer.bytes + [0]) }
  }

  @Test func nothingTraps() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<50_000 {
      var bytes = (0..<Int.random(in: 0..<60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      // Most lists and texts are short, so that more than the first field is read.
      for index in bytes.indices where Int.random(in: 0..<2, using: &random) == 0 { bytes[index] = UInt8.random(in: 0...3, using: &random) }
      if !bytes.isEmpty { bytes[0] = UInt8.random(in: 0...10, using: &random) }
      _ = try? BridgeReply(decoding: bytes)
    }
  }
}
