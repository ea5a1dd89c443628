// How a cluster is set up.
import DshDiagnostics
import DshStore
import DshSystem

/// The settings of a cluster.
public struct ClusterOptions: Sendable {
  /// Node processes besides the head.
  public var nodes: Int
  /// Tasks that a node runs at once.
  public var slots: Int
  /// The limit of each node's store.
  public var storeBytes: Int
  /// The limit of the head's store.
  public var headStoreBytes: Int
  /// Where a node may put blocks for which its store has no room; nil if they stay in memory.
  public var spill: SpillSettings?
  public var seed: UInt64 = 0
  /// Fixes placement, so that the same statements run alike every time.
  public var isDeterministic = false
  /// For testing: nodes die and stop in the middle of statements, when and which follows from the seed. Nil, and nothing happens.
  public var chaosSeed: UInt64?
  /// The program that becomes a node, and its first arguments; `nil` means this very program with the argument `node`.
  public var nodeProgram: (path: String, arguments: [String])?
  /// What there is for stores.
  let allowance: StoreAllowance

  /// The share of the machine's memory that all stores of the nodes may use together.
  public static let memoryShare = 0.3
  /// A store below it can't hold a few blocks.
  public static let smallestStoreBytes = 1 << 20
  /// Stores are whole pages.
  static let pageBytes = 4096
  /// The head is node 0, and node numbers stay below the limit.
  public static let largestNodeCount = nodeLimit - 1

  /// - Parameters:
  ///   - nodes: nil means one for each processor, at least 2, at most 4.
  ///   - slots: nil means the processors shared out over the nodes, at least one each.
  ///   - storeBytes: nil means a share of the memory, as far as the limits of the process allow it.
  public init(nodes: Int? = nil, slots: Int? = nil, storeBytes: Int? = nil) {
    let processors = usableProcessors()
    let nodeCount = min(nodeLimit - 1, max(1, nodes ?? min(4, max(2, processors))))
    self.nodes = nodeCount
    self.slots = max(1, slots ?? processors / nodeCount)
    allowance = .ofThisProcess(slots: self.slots)
    let share =
      storeBytes
      ?? min(Int(Double(allowance.memoryBytes) * Self.memoryShare) / nodeCount, allowance.largestStoreBytes(nodes: nodeCount))
    self.storeBytes = max(Self.smallestStoreBytes, share) / Self.pageBytes * Self.pageBytes
    headStoreBytes = self.storeBytes
  }

  /// Lets nodes put blocks on disk for which their stores have no room.
  ///
  /// - Parameters:
  ///   - folder: nil for the usual one, `TMPDIR` or `/var/tmp`.
  ///   - limitBytes: for all nodes together; nil for half of what is free, 0 for nothing.
  /// - Throws: what is wrong with a folder that was named.
  public mutating func spill(to folder: String?, limitBytes: Int?) throws(Diagnostic) {
    spill = try SpillSettings(folder: folder, limitBytes: limitBytes, nodes: nodes)
  }
}
