// The live tables: nodes, blocks, transfers. All numbers of stores come from the counters in their arenas.
import DshColumns
import DshStore
import DshSystem

/// One row of the `nodes` table.
public struct NodeStatus: Sendable, Equatable {
  public enum State: String, Sendable {
    case starting, up, draining
    /// Has not answered for a while.
    case silent
  }

  public let node: NodeIndex
  public let name: String
  public let state: State
  public let processID: Int32
  public let slots: Int
  public let runningTasks: Int
  public let usedBytes: Int
  public let limitBytes: Int
  public let blocks: Int
  public let pinnedBytes: Int
  public let cachedBytes: Int
  public let spilledBytes: Int
  /// The most that was ever in use.
  public let highWaterBytes: Int
  /// Pages taken from the system, in use or kept for reuse.
  public let residentBytes: Int
  /// Copied out of this node's store into others'.
  public let sentBytes: Int
  /// Copied out of others' stores into this node's.
  public let receivedBytes: Int
}

extension Cluster {
  /// All nodes in order, the head first.
  public func nodes() -> [NodeStatus] {
    let transfers = transfers()
    func status(_ node: NodeIndex, _ condition: NodeStatus.State, _ process: Int32, _ slots: Int) -> NodeStatus {
      let header = condition == .starting ? nil : peers.header(of: node)
      return NodeStatus(
        node: node, name: nodeName(node), state: condition, processID: process, slots: slots,
        runningTasks: state.scheduler.runningTasks(on: node),
        usedBytes: header?.usedBytes ?? 0, limitBytes: node == 0 ? options.headStoreBytes : options.storeBytes,
        blocks: header?.blockCount ?? 0, pinnedBytes: header?.pinnedBytes ?? 0, cachedBytes: header?.cachedBytes ?? 0,
        spilledBytes: header?.spilledBytes ?? 0, highWaterBytes: header?.highWaterBytes ?? 0, residentBytes: header?.residentBytes ?? 0,
        sentBytes: transfers.reduce(0) { $0 + ($1.from == node ? $1.movedBytes : 0) },
        receivedBytes: transfers.reduce(0) { $0 + ($1.to == node ? $1.movedBytes : 0) })
    }
    let others = handles.values.sorted { $0.index < $1.index }.map { handle in
      status(handle.index, state.status(of: handle.index), handle.process.processID, options.slots)
    }
    return [status(0, .up, ownProcessID(), 0)] + others
  }

  /// All blocks of the nodes, in order of their names.
  public func blocks() -> [BlockEntry] { state.directory.entries.values.sorted { $0.block.id < $1.block.id } }

  /// Whether a block still exists.
  public func contains(_ block: BlockRef) -> Bool {
    block.node == 0 ? headStore.location(of: block.id)?.block == block : state.directory.contains(block)
  }

  /// Bytes of blocks on disk that living processes have looked at.
  var diskReadBytes: Int {
    headStore.arena.header.diskReadBytes + handles.values.compactMap { peers.header(of: $0.index) }.reduce(0) { $0 + $1.diskReadBytes }
  }

  /// What moved between stores since the start, by source and destination; pairs without any are left out.
  public func transfers() -> [Transfer] {
    let living = [headStore.arena.header] + handles.values.filter { $0.arena != nil }.compactMap { peers.header(of: $0.index) }
    return transferHistory.total(living)
  }
}
