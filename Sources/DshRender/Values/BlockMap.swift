// Every block as a cell: which node's store holds it, and in what state it is.

/// What `blocks --map` draws.
public struct BlockMap: Sendable, Hashable {
  public enum State: String, Sendable, Hashable, CaseIterable {
    case pinned, cached
    /// Being written or read by a running statement.
    case busy
    case lost
  }

  public struct Block: Sendable, Hashable {
    public var state: State
    public var bytes: Int
    public var rows: Int

    public init(state: State, bytes: Int, rows: Int) {
      self.state = state
      self.bytes = bytes
      self.rows = rows
    }
  }

  public struct Node: Sendable, Hashable {
    public var name: String
    /// In the order of the dataset.
    public var blocks: [Block]

    public init(name: String, blocks: [Block]) {
      self.name = name
      self.blocks = blocks
    }

    public var bytes: Int { blocks.reduce(0) { $0 + $1.bytes } }
  }

  /// The dataset whose blocks these are; nil for all blocks there are.
  public var dataset: String?
  public var nodes: [Node]

  public init(dataset: String?, nodes: [Node]) {
    self.dataset = dataset
    self.nodes = nodes
  }

  public var blockCount: Int { nodes.reduce(0) { $0 + $1.blocks.count } }
}
