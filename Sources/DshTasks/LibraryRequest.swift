// What the task library can be asked to do with memory that it is given, as plain data and as bytes.

import DshColumns
import DshDiagnostics
import DshEngine

/// A request to the task library. The memories that come with it are no part of its bytes.
public enum LibraryRequest: Equatable, Sendable {
  /// Run a task; answered by `LibraryOutcome.done` with the report of the task and the block that it made.
  case run(TaskRequest)
  /// Lay rows of blocks out as one bundle, in this order; answered by `done` with the bundle.
  /// - Parameter blocks: which block each memory is.
  case cut([CutSlice], blocks: [BlockID])
  /// A question about each of the memories, which are blocks; answered by `inspected`.
  case inspect(BlockInspection)

  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .run(let request):
      writer.write(UInt8(1))
      writer.write(request.task)
      writer.write(request.node)
      writer.write(request.isElsewhere)
      writer.write(request.memoryBytes)
      writer.write(request.spec)
      writer.write(request.inputs) { writer, input in
        if case .block(let block) = input {
          writer.write(true)
          writer.write(block.rawValue)
        } else {
          writer.write(false)
        }
      }
    case .cut(let slices, let blocks):
      writer.write(UInt8(2))
      writer.write(slices) { writer, slice in
        writer.write(slice.block.rawValue)
        writer.write(slice.firstRow)
        writer.write(slice.rowCount)
      }
      writer.write(blocks) { $0.write($1.rawValue) }
    case .inspect(let inspection):
      writer.write(UInt8(3))
      writer.write(inspection)
    }
    return writer.bytes
  }

  public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
    self = try decodeWhole(bytes) { reader in
      switch try reader.readUInt8() {
      case 1:
        return .run(
          TaskRequest(
            task: try reader.readUInt64(), node: try reader.readString(), isElsewhere: try reader.readBool(),
            memoryBytes: try reader.readRowNumber(),
            spec: try reader.readBytes(),
            inputs: try reader.readArray { try $0.readBool() ? .block(BlockID(rawValue: try $0.readUInt64())) : .bundle }))
      case 2:
        let slices = try reader.readArray { reader in
          CutSlice(
            block: BlockID(rawValue: try reader.readUInt64()), firstRow: try reader.readRowNumber(), rowCount: try reader.readRowNumber())
        }
        return .cut(slices, blocks: try reader.readArray { BlockID(rawValue: try $0.readUInt64()) })
      case 3: return .inspect(try reader.readBlockInspection())
      case let tag: throw DecodingFailure("an unknown request: \(tag)")
      }
    }
  }
}

/// A task, and what it may use.
public struct TaskRequest: Equatable, Sendable {
  public var task: UInt64
  /// Where it runs, for the variable DSH_NODE of external programs.
  public var node: String
  /// Whether that is another machine than the shell's.
  public var isElsewhere: Bool
  /// What its operators may hold besides blocks.
  public var memoryBytes: Int
  /// The bytes of its `TaskSpec`.
  public var spec: [UInt8]
  /// What the memories are that come with it, one after another.
  public var inputs: [GivenInput]

  public init(task: UInt64, node: String, isElsewhere: Bool = false, memoryBytes: Int, spec: [UInt8], inputs: [GivenInput]) {
    self.task = task
    self.node = node
    self.isElsewhere = isElsewhere
    self.memoryBytes = memoryBytes
    self.spec = spec
    self.inputs = inputs
  }
}

/// What a memory is that comes with a task.
public enum GivenInput: Hashable, Sendable {
  /// This block, as a whole; bytes behind its end don't matter.
  case block(BlockID)
  /// A bundle, which says itself which rows of which blocks it has.
  case bundle
}

/// Some rows of a block, for a bundle.
public struct CutSlice: Hashable, Sendable {
  public var block: BlockID
  public var firstRow: Int
  public var rowCount: Int

  public init(block: BlockID, firstRow: Int, rowCount: Int) {
    self.block = block
    self.firstRow = firstRow
    self.rowCount = rowCount
  }
}

/// Reads bytes to their end.
func decodeWhole<Value>(_ bytes: [UInt8], _ read: (inout ByteReader) throws -> Value) throws(DecodingFailure) -> Value {
  var reader = ByteReader(bytes)
  do {
    let value = try read(&reader)
    if reader.remaining > 0 { throw DecodingFailure("bytes after the end: \(reader.remaining)") }
    return value
  } catch {
    throw error as? DecodingFailure ?? DecodingFailure("\(error)")
  }
}

extension ByteReader {
  /// A number of rows or bytes: not negative, and few enough for two of them to be added.
  mutating func readRowNumber() throws -> Int {
    let number = try readInt()
    guard number >= 0, number <= Int.max / 2 else { throw DecodingFailure("a number of rows or bytes that there can't be: \(number)") }
    return number
  }
}
