// Messages: round trips, every cut, every changed byte, every split of the stream.
@testable import DshCluster
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem
import Testing

struct WireTests {
  /// What a process said before it went is received, though a message to it has failed meanwhile.
  @Test func lastWordsOutliveWhoSaidThem() throws {
    let (own, other) = try StreamSocket.pair()
    var connection = Connection(Descriptor(owning: own))
    let words = frame([1, 2, 3])
    let sent = words.withUnsafeBytes { StreamSocket(Descriptor(owning: other)).send($0, wait: true) }
    #expect(sent == .sent(words.count))
    connection.send([9])
    let (isSendingOver, isClosed) = (connection.isSendingOver, connection.isClosed)
    #expect(isSendingOver && !isClosed)
    connection.receive()
    let heard = try connection.next()
    #expect(heard == [1, 2, 3])
    connection.receive()
    let isOver = connection.isClosed
    #expect(isOver)
  }

  static let headMessages: [HeadMessage] = [
    .configure(
      NodeConfiguration(node: 3, epoch: 2, name: "node3", storeBytes: 1 << 31, slots: 2, seed: 0xDEAD_BEEF_0000_0001, isDeterministic: true)
    ),
    .peerArena(0, epoch: 0), .peerGone(63),
    .runTask(
      task: 77, payload: Array(0...255),
      blocks: [BlockLocation(BlockRef(id: BlockID(task: 3, ordinal: 1), node: 1, epoch: 0, byteCount: 64, rows: 8), .memory(offset: 8192))]),
    .cancel([1, 2, UInt64.max]),
    .acquire(request: 9, [BlockID(task: 1, ordinal: 2)]),
    .settle(
      Settlement(
        cached: [BlockID(task: 1, ordinal: 0)], pinned: [], freed: [BlockID(task: 3, ordinal: 1), BlockID(task: 4, ordinal: 0)],
        released: [BlockID(task: 9, ordinal: 9)])),
    .shutdown, .spill([BlockID(task: 1, ordinal: 2), BlockID(task: 3, ordinal: 0)]), .vacate([BlockID(task: 1, ordinal: 2)]),
    .roomRefused(task: 12, request: 3), .peerSpillFile(2, epoch: 1),
    .configure(
      NodeConfiguration(
        node: 1, epoch: 0, name: "node1", storeBytes: 1 << 20, spill: SpillSettings(folder: "/tmp/é", limitBytes: 1 << 40), slots: 1,
        seed: 0,
        isDeterministic: false)),
  ]

  static let nodeMessages: [NodeMessage] = [
    .ready(processID: 4711),
    .taskDone(
      TaskAnswer(
        task: 12, node: 2, payload: [1, 2, 3],
        blocks: [
          BlockLocation(BlockRef(id: BlockID(task: 12, ordinal: 0), node: 2, epoch: 1, byteCount: 640, rows: 10), .memory(offset: 4096))
        ],
        moved: [MovedBytes(from: 1, byteCount: 204)], mapped: [MovedBytes(from: 0, byteCount: 1)], evicted: [BlockID(task: 2, ordinal: 0)],
        nanoseconds: 1_000_000)),
    .taskFailed(
      task: 8,
      Diagnostic(
        .badCast, "a value can't be read: \"é\"", span: SourceSpan(start: 3, end: 9), suggestion: "did you mean 3?",
        notes: ["a", "b"]),
      evicted: []),
    .taskFailed(task: 8, Diagnostic(.taskError, ""), evicted: [BlockID(task: 2, ordinal: 7)]),
    .acquired(request: 9, missing: [BlockID(task: 1, ordinal: 1)]), .needsRoom(task: 12, request: 3, byteCount: 1 << 30),
    .spilled(
      [BlockLocation(BlockRef(id: BlockID(task: 3, ordinal: 1), node: 1, epoch: 0, byteCount: 64, rows: 8), .disk(offset: 64))],
      failure: Diagnostic(.diskFull, "no space"), isFirst: true), .spilled([], failure: nil, isFirst: false),
  ]

  @Test func messagesComeBackAsTheyWere() throws {
    for message in Self.headMessages { #expect(try HeadMessage(decoding: message.encoded()) == message) }
    for message in Self.nodeMessages { #expect(try NodeMessage(decoding: message.encoded()) == message) }
  }

  @Test func everyCutIsRefused() {
    for bytes in Self.headMessages.map({ $0.encoded() }) {
      for length in 0..<bytes.count { #expect(throws: DecodingFailure.self) { try HeadMessage(decoding: Array(bytes[..<length])) } }
      #expect(throws: DecodingFailure.self) { try HeadMessage(decoding: bytes + [0]) }
    }
    for bytes in Self.nodeMessages.map({ $0.encoded() }) {
      for length in 0..<bytes.count { #expect(throws: DecodingFailure.self) { try NodeMessage(decoding: Array(bytes[..<length])) } }
    }
  }

  @Test func noChangedByteTraps() {
    for bytes in Self.headMessages.map({ $0.encoded() }) + Self.nodeMessages.map({ $0.encoded() }) {
      for position in bytes.indices {
        for value in UInt8.min...UInt8.max {
          var changed = bytes
          changed[position] = value
          _ = try? HeadMessage(decoding: changed)
          _ = try? NodeMessage(decoding: changed)
        }
      }
    }
  }

  @Test func noRandomBytesTrap() {
    var random = SeededRandom(seed: 1)
    for _ in 0..<20_000 {
      var bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      if !bytes.isEmpty { bytes[0] = UInt8.random(in: 0...9, using: &random) }
      _ = try? HeadMessage(decoding: bytes)
      _ = try? NodeMessage(decoding: bytes)
    }
  }

  @Test func framesSurviveEverySplit() throws {
    let bodies: [[UInt8]] = [[], [1], Array(repeating: 7, count: 300), [2, 3]]
    let stream = bodies.flatMap { frame($0) }
    for first in 0...stream.count {
      for second in stride(from: first, through: stream.count, by: 7) {
        var assembler = FrameAssembler()
        var received: [[UInt8]] = []
        for part in [stream[..<first], stream[first..<second], stream[second...]] {
          Array(part).withUnsafeBytes { assembler.append($0) }
          while let body = try assembler.next() { received.append(body) }
        }
        #expect(received == bodies)
      }
    }
  }

  @Test func anAbsurdLengthIsRefused() {
    var assembler = FrameAssembler()
    [UInt8](repeating: 255, count: 8).withUnsafeBytes { assembler.append($0) }
    #expect(throws: DecodingFailure.self) { try assembler.next() }
  }
}
