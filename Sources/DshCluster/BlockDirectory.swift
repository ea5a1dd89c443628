// Which blocks exist on the nodes and where they lie, as the head knows it. Pure: who reads blocks meanwhile asks an `AddressBook`.
import DshColumns
import DshStore

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

/// The blocks of all nodes by name.
struct BlockDirectory: Sendable {
  private(set) var entries: [BlockID: BlockEntry] = [:]

  mutating func insert(_ locations: [BlockLocation]) {
    for location in locations { entries[location.block.id] = BlockEntry(location: location, state: .sealed) }
  }

  func contains(_ block: BlockRef) -> Bool { location(of: block) != nil }

  /// Where this very block lies, not one of an earlier process.
  func location(of block: BlockRef) -> BlockLocation? { entries[block.id].flatMap { $0.block == block ? $0.location : nil } }

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
    let lost = entries.values.filter { $0.block.node == node }.map(\.block.id).sorted()
    remove(lost)
    return lost
  }

  /// Looks at every block.
  func blocks(of node: NodeIndex) -> Int { entries.values.reduce(0) { $0 + ($1.block.node == node ? 1 : 0) } }
}
