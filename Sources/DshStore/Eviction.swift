// Which cached blocks go first: the least recently used of those nobody holds.
import DshColumns
import OrderedCollections

/// The order in which cached blocks would be evicted, oldest use first.
public struct Eviction: Sendable {
  private var order: OrderedSet<BlockID> = []

  public init() {}

  /// The block may be evicted from now on, and was just used.
  public mutating func insert(_ id: BlockID) {
    order.remove(id)
    order.append(id)
  }

  /// The block may not be evicted any more.
  public mutating func remove(_ id: BlockID) { order.remove(id) }

  /// The next to go.
  public var victim: BlockID? { order.first }
}
