// Names of blocks: what identifies one wherever it lies, without an address.

/// The name of one block's content. It is made from the task that computes the block, so it does not depend on where that task runs.
public struct BlockID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// A task makes fewer blocks than this: its ordinals have 24 bits, which leaves 40 for the numbers of tasks.
  public static let ordinalLimit = 1 << 24

  /// Tasks are numbered by the driver, from 1.
  public init(task: UInt64, ordinal: Int) {
    precondition(
      task < 1 << 40 && ordinal >= 0 && ordinal < Self.ordinalLimit,
      "a task number below 2^40 and an ordinal below 2^24, got \(task), \(ordinal)")
    rawValue = task << 24 | UInt64(ordinal)
  }

  public var task: UInt64 { rawValue >> 24 }
  public var ordinal: Int { Int(rawValue & UInt64(Self.ordinalLimit - 1)) }

  public static func < (left: BlockID, right: BlockID) -> Bool { left.rawValue < right.rawValue }
  public var description: String { "\(task).\(ordinal)" }
}

/// The number of a node for good: 0 is the head, 1 is `node1`, and so on. A replaced node keeps its index.
public typealias NodeIndex = Int

/// A sealed block as anybody may name it: which one it is, whose store holds it, how large it is. Where in that store is the owner's business.
public struct BlockRef: Hashable, Sendable {
  public let id: BlockID
  public let node: NodeIndex
  /// Counts the processes a node has had; a block of an earlier one is lost.
  public let epoch: Int
  public let byteCount: Int
  public let rows: Int

  public init(id: BlockID, node: NodeIndex, epoch: Int, byteCount: Int, rows: Int) {
    self.id = id
    self.node = node
    self.epoch = epoch
    self.byteCount = byteCount
    self.rows = rows
  }
}

/// Some rows of a block.
public struct BlockSlice: Hashable, Sendable {
  public var block: BlockRef
  public var rows: Range<Int>

  /// - Parameter rows: all rows of the block unless given.
  public init(_ block: BlockRef, rows: Range<Int>? = nil) {
    self.block = block
    self.rows = rows ?? 0..<block.rows
  }

  /// Some of these rows, counted from the first of them.
  public func part(_ range: Range<Int>) -> BlockSlice {
    BlockSlice(block, rows: rows.lowerBound + range.lowerBound..<rows.lowerBound + range.upperBound)
  }

  /// The first of these rows, at most so many.
  public func prefix(_ count: Int) -> BlockSlice { part(0..<min(count, rows.count)) }

  /// About how many bytes they take.
  public var estimatedBytes: Int { block.byteCount / max(1, block.rows) * rows.count }
}

extension ByteWriter {
  public mutating func write(_ block: BlockRef) {
    write(block.id.rawValue)
    write(block.node)
    write(block.epoch)
    write(block.byteCount)
    write(block.rows)
  }

  public mutating func write(_ slice: BlockSlice) {
    write(slice.block)
    write(slice.rows.lowerBound)
    write(slice.rows.upperBound)
  }
}

extension ByteReader {
  /// More bytes or rows than any store holds, and few enough for those of all blocks of a message to be added up.
  private static let blockLimit = 1 << 40

  public mutating func readBlockRef() throws -> BlockRef {
    let block = BlockRef(
      id: BlockID(rawValue: try readUInt64()), node: try readInt(), epoch: try readInt(), byteCount: try readInt(), rows: try readInt())
    let sizes = 0..<Self.blockLimit
    guard block.node >= 0, block.epoch >= 0, sizes.contains(block.byteCount), sizes.contains(block.rows) else {
      throw DecodingFailure("a block that no store can hold")
    }
    return block
  }

  public mutating func readBlockSlice() throws -> BlockSlice {
    let block = try readBlockRef()
    let start = try readInt()
    let end = try readInt()
    guard start >= 0, start <= end, end <= block.rows else { throw DecodingFailure("rows outside a block") }
    return BlockSlice(block, rows: start..<end)
  }
}
