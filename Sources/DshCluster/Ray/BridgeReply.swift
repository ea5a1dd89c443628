// What the bridge to Ray tells the head.

import DshColumns

/// A node of Ray as the bridge sees it.
struct RayNode: Equatable {
  /// 56 hexadecimal digits.
  var id: String
  /// Its address in the network.
  var host: String
  /// The process of its raylet; zero on another machine.
  var processID: Int
  var isAlive: Bool
  /// Whether the bridge is connected to Ray through it.
  var isDriver: Bool
  var slots: Int
  var storeBytes: Int
}

/// Why Ray could not be started.
enum BridgeStartFailure: UInt8 {
  case noRay = 1
  case version, library, noConnection, other, noToken
}

/// Why something could not be done in Ray.
enum BridgeFailure: UInt8 {
  case cancelled = 1
  /// A block that it reads is lost and can't be made again.
  case lost
  /// Its process or its node ended too often.
  case died
  case outOfMemory
  /// The library of tasks is not there, or another one than the head's.
  case library
  case other
  /// A file at an address can't be read.
  case file
}

/// Bytes that come with a reply.
enum BridgePayload: Equatable {
  case none
  case bytes([UInt8])
  /// In a memory file whose descriptor comes with the message.
  case file(byteCount: Int)
}

/// Where Ray has a block now.
struct RayLocation: Equatable {
  var block: BlockID
  /// None for one that lies with the driver because it is small.
  var nodes: [String]
  var byteCount: Int
  var isSpilled: Bool
}

/// What became of a task.
struct RayAnswer: Equatable {
  var task: UInt64
  var node: String
  /// The bytes of a `LibraryOutcome`.
  var outcome: [UInt8]
  /// What came from other nodes for it.
  var moved: [RayMovement]
  /// The bytes of the block that it made; nil if it made none.
  var blockBytes: Int?
  /// Whether the block lies with the driver because it is small.
  var isInline: Bool
  var seconds: Double
}

/// Bytes that Ray has moved from a node.
struct RayMovement: Equatable {
  var from: String
  var byteCount: Int
}

/// A message from the bridge to the head.
enum BridgeReply: Equatable {
  case started(ray: String, python: String, isOwn: Bool, nodes: [RayNode])
  case notStarted(BridgeStartFailure, String)
  case done(RayAnswer)
  case failed(task: UInt64, BridgeFailure, String)
  case answered(number: UInt64, node: String, outcome: [UInt8], BridgePayload)
  case unanswered(number: UInt64, BridgeFailure, String)
  case located(number: UInt64, [RayLocation])
  /// The nodes, when something has changed.
  case nodes([RayNode])
  case stopped

  init(decoding bytes: [UInt8]) throws {
    var reader = ByteReader(bytes)
    switch try reader.readUInt8() {
    case 1:
      self = .started(
        ray: try reader.readString(), python: try reader.readString(), isOwn: try reader.readBool(), nodes: try reader.readRayNodes())
    case 2: self = .notStarted(BridgeStartFailure(rawValue: try reader.readUInt8()) ?? .other, try reader.readString())
    case 3:
      var answer = RayAnswer(
        task: try reader.readUInt64(), node: try reader.readString(), outcome: try reader.readBytes(),
        moved: try reader.readArray { RayMovement(from: try $0.readString(), byteCount: try $0.readCount()) }, blockBytes: nil,
        isInline: false, seconds: 0)
      let byteCount = try reader.readInt()
      answer.blockBytes = byteCount < 0 ? nil : byteCount
      answer.isInline = try reader.readBool()
      answer.seconds = try reader.readDouble()
      self = .done(answer)
    case 4: self = .failed(task: try reader.readUInt64(), try reader.readFailure(), try reader.readString())
    case 5:
      self = .answered(
        number: try reader.readUInt64(), node: try reader.readString(), outcome: try reader.readBytes(), try reader.readPayload())
    case 6: self = .unanswered(number: try reader.readUInt64(), try reader.readFailure(), try reader.readString())
    case 7:
      self = .located(
        number: try reader.readUInt64(),
        try reader.readArray {
          RayLocation(
            block: BlockID(rawValue: try $0.readUInt64()), nodes: try $0.readArray { try $0.readString() }, byteCount: try $0.readCount(),
            isSpilled: try $0.readBool())
        })
    case 8: self = .nodes(try reader.readRayNodes())
    case 9: self = .stopped
    case let kind: throw DecodingFailure("an unknown message of the bridge: \(kind)")
    }
    if reader.remaining > 0 { throw DecodingFailure("bytes after the end of a message: \(reader.remaining)") }
  }
}

extension ByteReader {
  fileprivate mutating func readFailure() throws -> BridgeFailure { BridgeFailure(rawValue: try readUInt8()) ?? .other }

  fileprivate mutating func readRayNodes() throws -> [RayNode] {
    try readArray {
      RayNode(
        id: try $0.readString(), host: try $0.readString(), processID: try $0.readCount(), isAlive: try $0.readBool(),
        isDriver: try $0.readBool(), slots: try $0.readCount(), storeBytes: try $0.readCount())
    }
  }

  fileprivate mutating func readPayload() throws -> BridgePayload {
    switch try readUInt8() {
    case 0: return .none
    case 1: return .bytes(try readBytes())
    case 2: return .file(byteCount: try readCount())
    case let tag: throw DecodingFailure("an unknown kind of payload: \(tag)")
    }
  }
}
