// Which partitions of a hash each consumer of an exchange takes.

public enum HashRanges {
  /// About as many partitions for each.
  public static func even(_ partitions: Int, consumers: Int) -> [Range<Int>] {
    (0..<consumers).map { $0 * partitions / consumers..<($0 + 1) * partitions / consumers }
  }

  /// As many partitions for each, unless one of them would get more than it can work on: keys that many rows have lie next to one another by chance.
  /// Then each takes what is a share at most, or one partition that is more than that.
  ///
  /// - Parameters:
  ///   - rows: how many rows each partition has.
  ///   - totalBytes: the bytes of all of them.
  ///   - shareBytes: what one consumer can work on.
  public static func balanced(rows: [Int], totalBytes: Int, shareBytes: Int, consumers: Int) -> [Range<Int>] {
    let even = even(rows.count, consumers: consumers)
    let total = rows.reduce(0, +)
    let rowLimit = totalBytes == 0 ? Double.infinity : Double(total) * Double(shareBytes) / Double(totalBytes)
    guard even.contains(where: { $0.count > 1 && Double(rows[$0].reduce(0, +)) > rowLimit }) else { return even }
    var ranges: [Range<Int>] = []
    var (start, taken) = (0, 0)
    for (partition, count) in rows.enumerated() {
      if partition > start, Double(taken + count) > rowLimit {
        ranges.append(start..<partition)
        (start, taken) = (partition, 0)
      }
      taken += count
    }
    return ranges + [start..<rows.count]
  }

  /// The rows of each partition, of all tasks that have cut theirs.
  public static func rows(of partitions: Int, _ tasks: [[Int]]) -> [Int] {
    tasks.reduce(into: [Int](repeating: 0, count: partitions)) { sums, rows in
      for (partition, count) in rows.prefix(partitions).enumerated() { sums[partition] += count }
    }
  }
}
