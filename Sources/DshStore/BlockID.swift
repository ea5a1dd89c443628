// Names of blocks and where to find them.

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

/// The largest number of nodes, head included: the arena header has one pair of counters for each.
public let nodeLimit = 64

/// A sealed block and the place of its bytes.
public struct BlockLocation: Hashable, Sendable {
  public let id: BlockID
  public let node: NodeIndex
  /// Counts the processes a node has had; a block of an earlier one is lost.
  public let epoch: Int
  /// Of the first byte in the arena.
  public let offset: Int
  public let byteCount: Int
  public let rows: Int

  public init(id: BlockID, node: NodeIndex, epoch: Int, offset: Int, byteCount: Int, rows: Int) {
    self.id = id
    self.node = node
    self.epoch = epoch
    self.offset = offset
    self.byteCount = byteCount
    self.rows = rows
  }
}
