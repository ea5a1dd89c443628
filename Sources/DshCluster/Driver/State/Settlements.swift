// Settlements of blocks that wait until no cancelled task can read the blocks any more.
import DshColumns
import DshStore

/// Keeps back whatever loosens the protection of blocks while cancelled tasks have not answered: they may still read them.
struct Settlements: Sendable {
  struct Entry: Sendable, Equatable {
    let settlement: Settlement
    let node: NodeIndex
    /// Of the process that is meant; a later one of the node has other blocks.
    let epoch: Int
  }

  private var deferred: [Entry] = []

  /// Those to be sent now: the new one at once if no cancelled task may read or it only pins, else none.
  mutating func add(_ entry: Entry, whileRead isRead: Bool) -> [Entry] {
    guard isRead, !entry.settlement.onlyPins else { return [entry] }
    deferred.append(entry)
    return []
  }

  /// All cancelled tasks have answered: those that waited, in order.
  mutating func takeDeferred() -> [Entry] {
    defer { deferred = [] }
    return deferred
  }
}
