// What the head says to a node.
import DshColumns
import DshDiagnostics
import DshStore

/// How a node is set up; the first message it gets.
struct NodeConfiguration: Equatable, Sendable {
  var node: NodeIndex
  var epoch: Int
  var name: String
  var storeBytes: Int
  /// Nil if blocks stay in memory.
  var spill: SpillSettings?
  var slots: Int
  var seed: UInt64
  var isDeterministic: Bool
}

/// What becomes of blocks; blocks that aren't there are passed over.
struct Settlement: Equatable, Sendable {
  var cached: [BlockID] = []
  var pinned: [BlockID] = []
  var freed: [BlockID] = []
  var released: [BlockID] = []

  /// Whether it takes no protection away from any block.
  var onlyPins: Bool { cached.isEmpty && freed.isEmpty && released.isEmpty }
}

/// A message from the head to a node.
enum HeadMessage: Equatable, Sendable {
  /// Answered by `ready`.
  case configure(NodeConfiguration)
  /// A peer's arena; its descriptor comes along.
  case peerArena(NodeIndex, epoch: Int)
  /// The peer has ended.
  case peerGone(NodeIndex)
  /// Answered by `taskDone` or `taskFailed`.
  /// - Parameter blocks: where the blocks lie that the task reads.
  case runTask(task: UInt64, payload: [UInt8], blocks: [BlockLocation])
  /// The tasks should stop soon; each is still answered.
  case cancel([UInt64])
  /// Protects blocks from eviction; answered by `acquired`.
  case acquire(request: UInt64, [BlockID])
  case settle(Settlement)
  /// Write blocks to disk; answered by `spilled`. They stay in memory too.
  case spill([BlockID])
  /// Give up the memory of blocks that are on disk: nobody reads them there any more.
  case vacate([BlockID])
  /// No room can be made for a task that has asked for some.
  case roomRefused(task: UInt64, request: UInt64)
  /// A peer's spill file; its descriptor comes along.
  case peerSpillFile(NodeIndex, epoch: Int)
  case shutdown

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .configure(let configuration):
      writer.write(UInt8(1))
      writer.write(configuration.node)
      writer.write(configuration.epoch)
      writer.write(configuration.name)
      writer.write(configuration.storeBytes)
      writer.write(configuration.spill) { writer, spill in
        writer.write(spill.folder)
        writer.write(spill.limitBytes)
      }
      writer.write(configuration.slots)
      writer.write(configuration.seed)
      writer.write(configuration.isDeterministic)
    case .peerArena(let node, let epoch):
      writer.write(UInt8(2))
      writer.write(node)
      writer.write(epoch)
    case .peerGone(let node):
      writer.write(UInt8(3))
      writer.write(node)
    case .runTask(let task, let payload, let blocks):
      writer.write(UInt8(4))
      writer.write(task)
      writer.write(payload)
      writer.write(blocks)
    case .cancel(let tasks):
      writer.write(UInt8(5))
      writer.write(tasks) { $0.write($1) }
    case .acquire(let request, let blocks):
      writer.write(UInt8(6))
      writer.write(request)
      writer.write(blocks)
    case .settle(let settlement):
      writer.write(UInt8(7))
      writer.write(settlement.cached)
      writer.write(settlement.pinned)
      writer.write(settlement.freed)
      writer.write(settlement.released)
    case .shutdown:
      writer.write(UInt8(8))
    case .spill(let blocks):
      writer.write(UInt8(9))
      writer.write(blocks)
    case .vacate(let blocks):
      writer.write(UInt8(10))
      writer.write(blocks)
    case .roomRefused(let task, let request):
      writer.write(UInt8(11))
      writer.write(task)
      writer.write(request)
    case .peerSpillFile(let node, let epoch):
      writer.write(UInt8(12))
      writer.write(node)
      writer.write(epoch)
    }
    return writer.bytes
  }

  init(decoding bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes)
    let kind = try reader.readUInt8()
    switch kind {
    case 1:
      self = .configure(
        NodeConfiguration(
          node: try reader.readNode(), epoch: try reader.readCount(), name: try reader.readString(), storeBytes: try reader.readCount(),
          spill: try reader.readOptionalItem { reader throws(DecodingFailure) in
            SpillSettings(folder: try reader.readString(), limitBytes: try reader.readCount())
          },
          slots: try reader.readCount(), seed: try reader.readUInt64(), isDeterministic: try reader.readBool()))
    case 2: self = .peerArena(try reader.readNode(), epoch: try reader.readCount())
    case 3: self = .peerGone(try reader.readNode())
    case 4: self = .runTask(task: try reader.readUInt64(), payload: try reader.readBytes(), blocks: try reader.readLocations())
    case 5: self = .cancel(try reader.readList { reader throws(DecodingFailure) in try reader.readUInt64() })
    case 6: self = .acquire(request: try reader.readUInt64(), try reader.readBlocks())
    case 7:
      self = .settle(
        Settlement(
          cached: try reader.readBlocks(), pinned: try reader.readBlocks(), freed: try reader.readBlocks(),
          released: try reader.readBlocks()))
    case 8: self = .shutdown
    case 9: self = .spill(try reader.readBlocks())
    case 10: self = .vacate(try reader.readBlocks())
    case 11: self = .roomRefused(task: try reader.readUInt64(), request: try reader.readUInt64())
    case 12: self = .peerSpillFile(try reader.readNode(), epoch: try reader.readCount())
    default: throw DecodingFailure("an unknown message: \(kind)")
    }
    if reader.remaining > 0 { throw DecodingFailure("bytes after the end of a message: \(reader.remaining)") }
  }
}
