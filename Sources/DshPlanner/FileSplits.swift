// Where a file is cut: evenly, over at least four parts where nobody said otherwise, exactly as somebody did.

import DshPlan

/// The byte ranges that the blocks of a file are made from; the first begins at the first record. However many, they take no memory.
///
/// A file is cut into at least four parts unless they get very small or nobody wants it spread, so that a small file spreads over nodes too. The cut
/// depends on the file alone, never on the number of nodes.
public struct FileSplits: Sendable {
  public let count: Int
  private let dataStart: Int
  private let dataBytes: Int

  /// A file is cut into at most so many splits, however small the blocks that were asked for: keeping track of more costs more than reading.
  private static let countLimit = 100_000
  /// Larger splits may be more: reading them takes longer than keeping track of them.
  private static let countedSplitBytes = 64 << 10
  private static let smallestSpreadBytes = 64 << 10

  public init(_ file: SourceFile, blockBytes: Int, spreads: Bool) {
    dataStart = file.dataStart
    dataBytes = max(0, file.sizeBytes - file.dataStart)
    guard dataBytes > 0 else {
      count = 0
      return
    }
    let asked = (dataBytes - 1) / max(1, blockBytes) + 1
    let limit = max(Self.countLimit, dataBytes / Self.countedSplitBytes)
    count = min(limit, max(asked, spreads ? min(4, dataBytes / Self.smallestSpreadBytes) : 1))
  }

  /// The bytes of the split with a number.
  public func range(at index: Int) -> Range<Int> {
    precondition(0..<count ~= index, "one of \(count) splits, got \(index)")
    let (size, more) = (dataBytes / count, dataBytes % count)
    return dataStart + size * index + min(index, more)..<dataStart + size * (index + 1) + min(index + 1, more)
  }

  public var largestBytes: Int { count == 0 ? 0 : dataBytes / count + (dataBytes % count == 0 ? 0 : 1) }
}
