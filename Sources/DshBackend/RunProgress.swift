// How far a running statement is.

/// How far the running stage of a statement is.
public struct RunProgress: Sendable, Equatable {
  /// What one node has to do with it just now.
  public struct Node: Sendable, Hashable {
    public var name: String
    public var slots: Int
    public var runningTasks: Int

    public init(name: String, slots: Int, runningTasks: Int) {
      self.name = name
      self.slots = slots
      self.runningTasks = runningTasks
    }
  }

  /// Tasks of the stage, those whose blocks were there already among them.
  public var totalTasks: Int
  public var finishedTasks: Int
  public var seconds: Double
  /// Rows read at sources, and bytes of files among that.
  public var scannedRows: Int
  public var scannedBytes: Int
  /// Every node, in the order of their numbers.
  public var nodes: [Node]
  /// Nodes that have not answered since the statement was cancelled.
  public var silentNodes: [String] = []

  public init(totalTasks: Int, finishedTasks: Int, seconds: Double, scannedRows: Int = 0, scannedBytes: Int = 0, nodes: [Node] = []) {
    self.totalTasks = totalTasks
    self.finishedTasks = finishedTasks
    self.seconds = seconds
    self.scannedRows = scannedRows
    self.scannedBytes = scannedBytes
    self.nodes = nodes
  }
}
