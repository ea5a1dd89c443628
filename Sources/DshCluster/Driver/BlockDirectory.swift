// Which blocks exist on the nodes, as the head knows it.
import DshStore

/// What the head knows of one block.
public struct BlockEntry: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    /// Made and not settled yet.
    case sealed
    case cached
    case pinned
  }

  public let location: BlockLocation
  public internal(set) var state: State
}

/// The blocks of all nodes by name.
struct BlockDirectory: Sendable {
  private(set) var entries: [BlockID: BlockEntry] = [:]

  mutating func insert(_ locations: [BlockLocation]) {
    for location in locations { entries[location.id] = BlockEntry(location: location, state: .sealed) }
  }

  /// Whether this very block, not one of an earlier process, is known.
  func contains(_ location: BlockLocation) -> Bool { entries[location.id]?.location == location }

  mutating func settle(_ id: BlockID, as retention: BlockState.Retention) {
    switch retention {
    case .cached: entries[id]?.state = .cached
    case .pinned: entries[id]?.state = .pinned
    case .freed: entries[id] = nil
    }
  }

  mutating func remove(_ ids: [BlockID]) {
    for id in ids { entries[id] = nil }
  }

  /// Forgets the blocks of a node that ended; their names in order.
  mutating func removeAll(of node: NodeIndex) -> [BlockID] {
    let lost = entries.values.filter { $0.location.node == node }.map(\.location.id).sorted()
    remove(lost)
    return lost
  }

  func blocks(of node: NodeIndex) -> Int { entries.values.reduce(0) { $0 + ($1.location.node == node ? 1 : 0) } }
}
