// The nodes of a backend: what they are doing, how they are changed, and what happened to them.

public protocol ClusterControl: AnyObject {
  /// - Parameter cancellation: gets readable when the nodes' answers shall not be waited for any longer.
  func nodes(cancellation: Int32?) throws -> [NodeSummary]
  /// What the processes of the cluster have said beside their work, line by line.
  func log() throws -> [String]
  func addNodes(_ count: Int) throws
  func killNode(_ name: String) throws
  /// Copies the blocks of a node to the others and ends it; how many there were.
  func drainNode(_ name: String, observer: RunObserver) throws -> (blocks: Int, work: RunWork)
  /// The most nodes there can be.
  var largestNodeCount: Int { get }
  /// News since the last time.
  func takeNotices() -> [String]
  /// Descriptors that get readable when `takeNotices` may have something.
  var pollNumbers: [Int32] { get }
}

/// One row of the `nodes` table.
public struct NodeSummary: Sendable, Equatable {
  public var name: String
  public var state: String
  /// Its address in the network; empty on this machine.
  public var host = ""
  /// The name that the cluster itself has for it, if that is another one.
  public var id = ""
  public var processID: Int32
  public var slots: Int
  public var usedBytes: Int
  public var limitBytes: Int
  public var blocks: Int
  public var pinnedBytes: Int
  public var spilledBytes: Int
  /// Copied out of this node's store into others'.
  public var sentBytes: Int
  /// Copied out of others' stores into this node's.
  public var receivedBytes: Int

  public init(
    name: String, state: String, processID: Int32, slots: Int, usedBytes: Int, limitBytes: Int, blocks: Int, pinnedBytes: Int,
    spilledBytes: Int, sentBytes: Int, receivedBytes: Int
  ) {
    self.name = name
    self.state = state
    self.processID = processID
    self.slots = slots
    self.usedBytes = usedBytes
    self.limitBytes = limitBytes
    self.blocks = blocks
    self.pinnedBytes = pinnedBytes
    self.spilledBytes = spilledBytes
    self.sentBytes = sentBytes
    self.receivedBytes = receivedBytes
  }
}
