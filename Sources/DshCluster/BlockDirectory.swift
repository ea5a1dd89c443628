// Which blocks exist on the nodes and where they lie, as the head knows it.
import DshColumns
import DshStore
import Synchronization

/// What the head knows of one block.
public struct BlockEntry: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    /// Made and not settled yet.
    case sealed
    case cached
    case pinned
  }

  let location: BlockLocation
  public internal(set) var state: State

  public var block: BlockRef { location.block }
}

/// Tells where blocks lie.
protocol BlockAddresses: Sendable {
  /// Where this very block lies, not one of an earlier process; nil if that is not known.
  func location(of block: BlockRef) -> BlockLocation?
}

/// The blocks of all nodes by name. The thread of the cluster changes it; contexts of the head ask it from wherever they are used.
final class BlockDirectory: BlockAddresses {
  private let state = Mutex<[BlockID: BlockEntry]>([:])

  var entries: [BlockID: BlockEntry] { state.withLock { $0 } }

  func insert(_ locations: [BlockLocation]) {
    state.withLock { entries in
      for location in locations { entries[location.block.id] = BlockEntry(location: location, state: .sealed) }
    }
  }

  func contains(_ block: BlockRef) -> Bool { location(of: block) != nil }

  func location(of block: BlockRef) -> BlockLocation? {
    state.withLock { entries in entries[block.id].flatMap { $0.block == block ? $0.location : nil } }
  }

  func settle(_ id: BlockID, as retention: BlockState.Retention) {
    state.withLock { entries in
      switch retention {
      case .cached: entries[id]?.state = .cached
      case .pinned: entries[id]?.state = .pinned
      case .freed: entries[id] = nil
      }
    }
  }

  func remove(_ ids: [BlockID]) {
    state.withLock { entries in for id in ids { entries[id] = nil } }
  }

  /// Forgets the blocks of a node that ended; their names in order.
  func removeAll(of node: NodeIndex) -> [BlockID] {
    state.withLock { entries in
      let lost = entries.values.filter { $0.block.node == node }.map(\.block.id).sorted()
      for id in lost { entries[id] = nil }
      return lost
    }
  }

  func blocks(of node: NodeIndex) -> Int { state.withLock { $0.values.reduce(0) { $0 + ($1.block.node == node ? 1 : 0) } } }
}
