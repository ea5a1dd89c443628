// How a Parquet file is cut: at row groups, small ones together.
import DshColumns

/// Row groups as places on a line, so that a range of it stands for some of them.
///
/// A row group begins where the compressed bytes of those before it end, counted from the first byte behind the magic number: in nearly all files that is where it
/// lies. Groups without rows are in no split.
enum ParquetCutting {
  /// Borders that are kept: a file of more row groups has several between two of them.
  static let borderLimit = 4096

  /// Where the groups that have rows begin, and the end of the last; empty without any.
  static func borders(of metadata: ParquetMetadata) -> [Int] {
    var borders = starts(of: metadata).map(\.start)
    guard let last = starts(of: metadata).last else { return [] }
    borders.append(last.start + length(metadata.rowGroups[last.group]))
    let step = (borders.count - 2) / borderLimit + 1
    return step == 1 ? borders : borders.indices.filter { $0 % step == 0 || $0 == borders.count - 1 }.map { borders[$0] }
  }

  /// The row groups that begin in a range.
  static func groups(of metadata: ParquetMetadata, in range: Range<Int>) -> [Int] {
    starts(of: metadata).filter { range.contains($0.start) }.map(\.group)
  }

  /// Two groups never begin at one place.
  private static func length(_ group: ParquetRowGroup) -> Int { max(1, min(group.compressedBytes, 1 << 40)) }

  private static func starts(of metadata: ParquetMetadata) -> [(group: Int, start: Int)] {
    var start = ParquetFooter.magic.count
    var starts: [(group: Int, start: Int)] = []
    for (number, group) in metadata.rowGroups.enumerated() where group.rowCount > 0 {
      starts.append((number, start))
      start += length(group)
    }
    return starts
  }
}
