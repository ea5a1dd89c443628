// Where blocks lie, for whoever reads them: the list that came with a task, and the book of the head.
import DshColumns
import DshStore
import Synchronization

/// Tells where blocks lie.
protocol BlockAddresses: Sendable {
  /// Where this very block lies, not one of an earlier process; nil if that is not known.
  func location(of block: BlockRef) -> BlockLocation?
}

/// The addresses that came with a task.
struct ListedBlocks: BlockAddresses {
  private let locations: [BlockID: BlockLocation]

  init(_ locations: [BlockLocation]) {
    self.locations = Dictionary(locations.map { ($0.block.id, $0) }) { $1 }
  }

  func location(of block: BlockRef) -> BlockLocation? { locations[block.id].flatMap { $0.block == block ? $0 : nil } }
}

/// The blocks that can be read at present. The thread of the cluster changes it; contexts of the head ask it from wherever they are used.
final class AddressBook: BlockAddresses {
  private let locations = Mutex<[BlockID: BlockLocation]>([:])

  func location(of block: BlockRef) -> BlockLocation? {
    locations.withLock { locations in locations[block.id].flatMap { $0.block == block ? $0 : nil } }
  }

  func insert(_ added: [BlockLocation]) {
    locations.withLock { locations in for location in added { locations[location.block.id] = location } }
  }

  func remove(_ ids: [BlockID]) {
    locations.withLock { locations in for id in ids { locations[id] = nil } }
  }
}
