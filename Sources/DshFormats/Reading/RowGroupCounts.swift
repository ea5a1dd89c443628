// Counts of the parts of files that statistics spared reading, for the receipt.

/// Row groups that a scan came to, and how many of them it read.
public struct RowGroupCounts: Hashable, Sendable {
  public var total = 0
  public var read = 0

  public init() {}

  public static func += (sum: inout RowGroupCounts, other: RowGroupCounts) {
    sum.total += other.total
    sum.read += other.read
  }

  /// One sentence, if any were passed over.
  public var notes: [String] { read == total ? [] : ["\(read) of \(total) row \(total == 1 ? "group" : "groups") read"] }
}
