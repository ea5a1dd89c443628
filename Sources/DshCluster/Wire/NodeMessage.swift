// What a node says to the head.
import DshColumns
import DshDiagnostics
import DshStore

/// What a finished task made and cost.
struct TaskAnswer: Equatable, Sendable {
  var task: UInt64
  var node: NodeIndex
  /// What the task body gave back.
  var payload: [UInt8]
  var blocks: [BlockLocation]
  var moved: [MovedBytes]
  var mapped: [MovedBytes]
  /// Blocks that this store evicted since its last report.
  var evicted: [BlockID]
  var nanoseconds: Int64
}

/// A message from a node to the head.
enum NodeMessage: Equatable, Sendable {
  /// The node is up; the read-only descriptor of its arena comes along.
  case ready(processID: Int32)
  case taskDone(TaskAnswer)
  /// What the task made has been freed.
  case taskFailed(task: UInt64, Diagnostic, evicted: [BlockID])
  /// Answers `acquire`: the named blocks are not there (any more).
  case acquired(request: UInt64, missing: [BlockID])
  /// A task waits for so many bytes in the store; answered by blocks that go, or `roomRefused`.
  case needsRoom(task: UInt64, request: UInt64, byteCount: Int)
  /// Answers `spill`: these blocks are on disk now, and why others are not. With `isFirst`, the read-only descriptor of the spill file comes along.
  case spilled([BlockLocation], failure: Diagnostic?, isFirst: Bool)

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .ready(let processID):
      writer.write(UInt8(1))
      writer.write(processID)
    case .taskDone(let report):
      writer.write(UInt8(2))
      writer.write(report.task)
      writer.write(report.node)
      writer.write(report.payload)
      writer.write(report.blocks)
      writer.write(report.moved)
      writer.write(report.mapped)
      writer.write(report.evicted)
      writer.write(report.nanoseconds)
    case .taskFailed(let task, let diagnostic, let evicted):
      writer.write(UInt8(3))
      writer.write(task)
      writer.write(diagnostic)
      writer.write(evicted)
    case .acquired(let request, let missing):
      writer.write(UInt8(4))
      writer.write(request)
      writer.write(missing)
    case .needsRoom(let task, let request, let byteCount):
      writer.write(UInt8(5))
      writer.write(task)
      writer.write(request)
      writer.write(byteCount)
    case .spilled(let blocks, let failure, let isFirst):
      writer.write(UInt8(6))
      writer.write(blocks)
      writer.write(failure) { $0.write($1) }
      writer.write(isFirst)
    }
    return writer.bytes
  }

  init(decoding bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes)
    let kind = try reader.readUInt8()
    switch kind {
    case 1: self = .ready(processID: try reader.readInt32())
    case 2:
      self = .taskDone(
        TaskAnswer(
          task: try reader.readUInt64(), node: try reader.readNode(), payload: try reader.readBytes(),
          blocks: try reader.readLocations(),
          moved: try reader.readMovements(), mapped: try reader.readMovements(), evicted: try reader.readBlocks(),
          nanoseconds: try reader.readInt64()))
    case 3: self = .taskFailed(task: try reader.readUInt64(), try reader.readDiagnostic(), evicted: try reader.readBlocks())
    case 4: self = .acquired(request: try reader.readUInt64(), missing: try reader.readBlocks())
    case 5: self = .needsRoom(task: try reader.readUInt64(), request: try reader.readUInt64(), byteCount: try reader.readCount())
    case 6:
      self = .spilled(
        try reader.readLocations(),
        failure: try reader.readOptionalItem { reader throws(DecodingFailure) in try reader.readDiagnostic() },
        isFirst: try reader.readBool())
    default: throw DecodingFailure("an unknown message: \(kind)")
    }
    if reader.remaining > 0 { throw DecodingFailure("bytes after the end of a message: \(reader.remaining)") }
  }
}
