// The byte ranges that the blocks of a file are made from, as arithmetic instead of a list.

/// How a file is cut: as many ranges as there are, and each by its number, at no cost for the others.
///
/// The ranges cover the data without a gap and differ by one byte at most; none is empty. The cut depends on the file alone, never on the number of nodes.
public struct FileSplits: RandomAccessCollection, Hashable, Sendable {
  private let data: Range<Int>
  public let count: Int

  /// A file is cut into at most so many splits, however small the blocks that were asked for: keeping track of more costs more than reading.
  static let countLimit = 100_000
  /// Larger splits may be more: reading them takes longer than keeping track of them.
  static let countedBytes = 64 << 10
  /// No file is cut into smaller splits than this only to spread over nodes.
  static let smallestSpreadBytes = 64 << 10
  /// A file that spreads is cut into so many, if it is large enough.
  static let spreadCount = 4

  /// - Parameters:
  ///   - data: the bytes that hold records.
  ///   - blockBytes: the most bytes of a split, unless that would make too many.
  ///   - spreads: whether a file smaller than that is cut all the same, so that it spreads over nodes.
  public init(of data: Range<Int>, blockBytes: Int, spreads: Bool) {
    self.data = data
    guard !data.isEmpty else {
      count = 0
      return
    }
    let asked = (data.count - 1) / Swift.max(1, blockBytes) + 1
    let limit = Swift.max(Self.countLimit, data.count / Self.countedBytes)
    count = Swift.min(limit, Swift.max(asked, spreads ? Swift.min(Self.spreadCount, data.count / Self.smallestSpreadBytes) : 1))
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(index: Int) -> Range<Int> {
    precondition(index >= 0 && index < count, "split \(index) of \(count)")
    return border(index)..<border(index + 1)
  }

  /// Where a split begins; the first ones are a byte longer where the bytes don't divide evenly.
  private func border(_ index: Int) -> Int { data.lowerBound + data.count / count * index + Swift.min(index, data.count % count) }
}
