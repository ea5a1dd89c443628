// What moved between nodes, kept beyond the end of a node process.
import DshColumns
import DshStore

/// Bytes that went from one node's store to another's.
public struct Transfer: Sendable, Equatable {
  public let from: NodeIndex
  public let to: NodeIndex
  /// Copied into the store of `to`.
  public var movedBytes: Int
  /// Read in place by `to`.
  public var mappedBytes: Int
}

extension [Transfer] {
  /// What was added after an earlier look; pairs without any are left out.
  func since(_ earlier: [Transfer]) -> [Transfer] {
    compactMap { now in
      let before = earlier.first { $0.from == now.from && $0.to == now.to }
      let added = Transfer(
        from: now.from, to: now.to, movedBytes: now.movedBytes - (before?.movedBytes ?? 0),
        mappedBytes: now.mappedBytes - (before?.mappedBytes ?? 0))
      return added.movedBytes > 0 || added.mappedBytes > 0 ? added : nil
    }
  }
}

/// The counters of arenas whose processes have ended.
struct TransferHistory: Sendable {
  private struct Pair: Hashable { let from: NodeIndex, to: NodeIndex }
  private var ended: [Pair: Transfer] = [:]

  /// Adds the final counters of an arena.
  mutating func keep(_ header: ArenaHeader) {
    for transfer in Self.read(header) {
      let pair = Pair(from: transfer.from, to: transfer.to)
      ended[pair, default: Transfer(from: pair.from, to: pair.to, movedBytes: 0, mappedBytes: 0)].movedBytes += transfer.movedBytes
      ended[pair]?.mappedBytes += transfer.mappedBytes
    }
  }

  /// The sums of the ended and the living, in order; pairs without any are left out.
  func total(_ living: [ArenaHeader]) -> [Transfer] {
    var sum = self
    for header in living { sum.keep(header) }
    return sum.ended.values.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
  }

  private static func read(_ header: ArenaHeader) -> [Transfer] {
    (0..<nodeLimit).compactMap { source in
      let (moved, mapped) = (header.movedBytes(from: source), header.mappedBytes(from: source))
      return moved + mapped > 0 ? Transfer(from: source, to: header.node, movedBytes: moved, mappedBytes: mapped) : nil
    }
  }
}
