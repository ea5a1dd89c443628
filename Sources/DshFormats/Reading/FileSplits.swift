// The byte ranges that the blocks of a file are made from: as arithmetic instead of a list, or between borders that the format has.

/// How a file is cut: as many ranges as there are, and each by its number, at no cost for the others.
///
/// The ranges cover the data without a gap; none is empty. Without borders of the format they differ by one byte at most. The cut depends on the file alone, never on
/// the number of nodes.
public struct FileSplits: RandomAccessCollection, Hashable, Sendable {
  private let data: Range<Int>
  /// Where the splits begin and the last one ends, if that is no arithmetic.
  private let borders: [Int]
  public let count: Int

  /// A file is cut into at most so many splits, however small the blocks that were asked for: keeping track of more costs more than reading.
  static let countLimit = 100_000
  /// Larger splits may be more: reading them takes longer than keeping track of them.
  static let countedBytes = 64 << 10
  /// No file is cut into smaller splits than this only to spread over nodes.
  public static let smallestSpreadBytes = 64 << 10
  /// A file that spreads is cut into so many, if it is large enough.
  static let spreadCount = 4

  /// - Parameters:
  ///   - data: the bytes that hold records.
  ///   - blockBytes: the most bytes of a split, unless that would make too many.
  ///   - spreads: whether a file smaller than that is cut all the same, so that it spreads over nodes.
  public init(of data: Range<Int>, blockBytes: Int, spreads: Bool) {
    self.data = data
    borders = []
    guard !data.isEmpty else {
      count = 0
      return
    }
    let asked = (data.count - 1) / Swift.max(1, blockBytes) + 1
    let limit = Swift.max(Self.countLimit, data.count / Self.countedBytes)
    count = Swift.min(limit, Swift.max(asked, spreads ? Swift.min(Self.spreadCount, data.count / Self.smallestSpreadBytes) : 1))
  }

  /// A file that is cut only where its format lets it be.
  ///
  /// - Parameters:
  ///   - borders: where a split may begin, and the end of the data; ascending.
  ///   - blockBytes: as many pieces between borders make a split as fit into so many bytes, and one at least.
  public init(borders all: [Int], blockBytes: Int) {
    var borders: [Int] = []
    for (index, border) in all.enumerated() {
      guard let start = borders.last, index + 1 < all.count else {
        if borders.last.map({ $0 < border }) ?? true { borders.append(border) }
        continue
      }
      if border > start, all[index + 1] - start > blockBytes { borders.append(border) }
    }
    self.borders = borders
    data = (borders.first ?? 0)..<(borders.last ?? 0)
    count = Swift.max(0, borders.count - 1)
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(index: Int) -> Range<Int> {
    precondition(index >= 0 && index < count, "split \(index) of \(count)")
    return borders.isEmpty ? border(index)..<border(index + 1) : borders[index]..<borders[index + 1]
  }

  /// Where a split begins; the first ones are a byte longer where the bytes don't divide evenly.
  private func border(_ index: Int) -> Int { data.lowerBound + data.count / count * index + Swift.min(index, data.count % count) }
}
