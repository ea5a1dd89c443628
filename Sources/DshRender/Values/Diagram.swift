// What the last action did where, as a graph that a renderer draws: all numbers come from the run's own record.

import DshBackend

/// How a diagram is drawn.
public enum DiagramFormat: String, Sendable, CaseIterable {
  case mermaid, text
}

/// Who took part in an action, and what went from whom to whom.
public struct Diagram: Sendable, Hashable {
  /// Tasks of one stage on one node, drawn as one box.
  public struct Tasks: Sendable, Hashable {
    public var stage: String
    public var count: Int
  }

  /// Blocks in a node's store, drawn as one box.
  public struct Blocks: Sendable, Hashable {
    public enum Origin: Sendable, Hashable {
      /// Made by the tasks with that index.
      case made(tasks: Int)
      case reused
    }

    public var stage: String
    public var count: Int
    public var bytes: Int
    public var origin: Origin
    /// Rows and bytes of them that went to the shell, where the action brought rows.
    public var pulledRows: Int?
    public var pulledBytes: Int?
  }

  public struct Node: Sendable, Hashable {
    public var name: String
    public var tasks: [Tasks] = []
    public var blocks: [Blocks] = []
  }

  /// The statement and the dataset it worked on.
  public var action: String
  public var dataset: String
  /// Rows that came to the shell, or that the result has.
  public var rows: Int
  public var nodes: [Node]
  /// Bytes copied from store to store.
  public var moved: [Movement]
  public var mappedBytes: Int

  public var taskCount: Int { nodes.reduce(0) { $0 + $1.tasks.reduce(0) { $0 + $1.count } } }

  /// Bytes that went into the head's store.
  public var pulledBytes: Int { moved.filter { $0.to == "head" }.reduce(0) { $0 + $1.bytes } }
}

extension Diagram {
  /// What an action did, from the record of its run.
  ///
  /// - Parameters:
  ///   - rows: the rows that came to the shell, or that the result has.
  ///   - parts: where the rows that came to the shell lay.
  ///   - nodeNames: all nodes there are, in order; those that had nothing to do are drawn too.
  public init(action: String, dataset: String, rows: Int, work: RunWork, parts: [PulledPart], nodeNames: [String]) {
    self.action = action
    self.dataset = dataset
    self.rows = rows
    moved = work.moved
    mappedBytes = work.mappedBytes
    var names = nodeNames.filter { $0 != "head" }
    for stage in work.stages { for share in stage.shares where !names.contains(share.node) { names.append(share.node) } }
    nodes = names.map { Node(name: $0) }
    for (number, stage) in work.stages.enumerated() {
      for share in stage.shares {
        guard let index = nodes.firstIndex(where: { $0.name == share.node }) else { continue }
        if share.tasks > 0 { nodes[index].tasks.append(Tasks(stage: stage.title, count: share.tasks)) }
        let isLast = number == work.stages.count - 1
        let pulled = isLast ? parts.filter { $0.node == share.node } : []
        let pulledRows = pulled.isEmpty ? nil : pulled.reduce(0) { $0 + $1.rows }
        let pulledBytes = pulled.isEmpty ? nil : pulled.reduce(0) { $0 + $1.movedBytes }
        if share.blocksMade > 0 {
          nodes[index].blocks.append(
            Blocks(
              stage: stage.title, count: share.blocksMade, bytes: share.bytesMade, origin: .made(tasks: nodes[index].tasks.count - 1),
              pulledRows: share.blocksReused > 0 ? nil : pulledRows, pulledBytes: share.blocksReused > 0 ? nil : pulledBytes))
        }
        if share.blocksReused > 0 {
          nodes[index].blocks.append(
            Blocks(
              stage: stage.title, count: share.blocksReused, bytes: share.bytesReused, origin: .reused, pulledRows: pulledRows,
              pulledBytes: pulledBytes
            )
          )
        }
      }
    }
  }
}
