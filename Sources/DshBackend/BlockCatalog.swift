// What a backend knows of blocks: those that are kept for a dataset, and all there are.

import DshPlan

public protocol BlockCatalog: AnyObject {
  /// Finds out where blocks are now, where that is not known anyway; what is said of them afterwards is said of then.
  func locateBlocks() throws
  /// What is kept of a plan.
  func kept(_ plan: LogicalPlan) -> KeptBlocks?
  /// Ends one keeping of a plan; `pinned` as it was said there.
  func release(_ plan: LogicalPlan, pinned: Bool)
  /// Texts of a column of a kept plan, the most frequent first, from a look at some of its blocks; runs nothing.
  func frequentTexts(_ plan: LogicalPlan, column: String) -> [(text: String, count: Int)]
  func blocks() throws -> [BlockSummary]
  /// What moved between stores since the start.
  func transfers() throws -> [Movement]
}

/// The blocks of a kept dataset.
public struct KeptBlocks: Sendable {
  public struct Block: Sendable {
    public var node: String
    public var rows: Int
    public var bytes: Int
    public var origin: String
    public var isLost: Bool
    public var isOnDisk: Bool

    public init(node: String, rows: Int, bytes: Int, origin: String, isLost: Bool, isOnDisk: Bool) {
      self.node = node
      self.rows = rows
      self.bytes = bytes
      self.origin = origin
      self.isLost = isLost
      self.isOnDisk = isOnDisk
    }
  }

  public var blocks: [Block]
  public var isPinned: Bool

  public init(blocks: [Block], isPinned: Bool) {
    self.blocks = blocks
    self.isPinned = isPinned
  }

  public var rows: Int { blocks.reduce(0) { $0 + $1.rows } }
  public var bytes: Int { blocks.reduce(0) { $0 + $1.bytes } }
}

/// One row of the `blocks` table.
public struct BlockSummary: Sendable {
  public var node: String
  public var rows: Int
  public var bytes: Int
  public var state: String
  public var origin: String
  /// What made it: the verbs of its task.
  public var madeBy: String

  public init(node: String, rows: Int, bytes: Int, state: String, origin: String, madeBy: String) {
    self.node = node
    self.rows = rows
    self.bytes = bytes
    self.state = state
    self.origin = origin
    self.madeBy = madeBy
  }
}
