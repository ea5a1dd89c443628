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

  public internal(set) var location: BlockLocation
  public internal(set) var state: State
  /// Whether the block may be on disk alone.
  public internal(set) var mayBeSpilled: Bool

  public var block: BlockRef { location.block }

  /// Whether it lies in memory and may lie on disk instead.
  var isSpillable: Bool {
    guard mayBeSpilled, case .memory = location.place else { return false }
    return true
  }
}

/// The blocks of all nodes by name.
struct BlockDirectory: Sendable {
  private(set) var entries: [BlockID: BlockEntry] = [:]
  /// The bytes of the blocks of each node that lie in memory, may lie on disk instead, and have to stay: all but cache.
  private(set) var spillableBytes: [NodeIndex: Int] = [:]

  /// Changes an entry, or adds or removes it, and counts what that means.
  private mutating func change(_ id: BlockID, _ body: (inout BlockEntry?) -> Void) {
    var entry = entries[id]
    if let entry, entry.isSpillable, entry.state != .cached { spillableBytes[entry.block.node, default: 0] -= entry.block.byteCount }
    body(&entry)
    if let entry, entry.isSpillable, entry.state != .cached { spillableBytes[entry.block.node, default: 0] += entry.block.byteCount }
    entries[id] = entry
  }

  mutating func insert(_ locations: [BlockLocation], mayBeSpilled: Bool) {
    for location in locations {
      change(location.block.id) { $0 = BlockEntry(location: location, state: .sealed, mayBeSpilled: mayBeSpilled) }
    }
  }

  func contains(_ block: BlockRef) -> Bool { location(of: block) != nil }

  /// Where this very block lies, not one of an earlier process.
  func location(of block: BlockRef) -> BlockLocation? { entries[block.id].flatMap { $0.block == block ? $0.location : nil } }

  mutating func settle(_ id: BlockID, as retention: BlockState.Retention) {
    change(id) { entry in
      switch retention {
      case .cached:
        entry?.state = .cached
        entry?.mayBeSpilled = true
      case .pinned:
        // Unless its level allows it, which is said afterwards.
        entry?.state = .pinned
        entry?.mayBeSpilled = false
      case .freed: entry = nil
      }
    }
  }

  mutating func remove(_ ids: [BlockID]) {
    for id in ids { change(id) { $0 = nil } }
  }

  /// Forgets the blocks of a node that ended; their names in order.
  mutating func removeAll(of node: NodeIndex) -> [BlockID] {
    let lost = entries.values.filter { $0.block.node == node }.map(\.block.id).sorted()
    remove(lost)
    return lost
  }

  /// Looks at every block.
  func blocks(of node: NodeIndex) -> Int { entries.values.reduce(0) { $0 + ($1.block.node == node ? 1 : 0) } }

  /// What the blocks of a node take.
  func byteCount(of node: NodeIndex) -> Int { entries.values.reduce(0) { $0 + ($1.block.node == node ? $1.block.byteCount : 0) } }

  // MARK: Disk

  /// The block lies somewhere else now.
  mutating func move(_ location: BlockLocation) { change(location.block.id) { $0?.location = location } }

  /// Whether blocks may go to disk from now on.
  mutating func allowSpilling(_ ids: [BlockID]) {
    for id in ids { change(id) { $0?.mayBeSpilled = true } }
  }

  func isOnDisk(_ block: BlockRef) -> Bool {
    if case .disk? = location(of: block)?.place { true } else { false }
  }

  /// The blocks of a node that lie in memory and may lie on disk instead, the oldest first; looks at every block.
  ///
  /// - Parameter cached: whether cache is meant too, of which only what is in use has any reason to be written.
  func spillable(of node: NodeIndex, cached: Bool) -> [(id: BlockID, byteCount: Int)] {
    entries.values.filter { $0.block.node == node && $0.isSpillable && (cached || $0.state != .cached) }
      .map { ($0.block.id, $0.block.byteCount) }.sorted { $0.0 < $1.0 }
  }
}
