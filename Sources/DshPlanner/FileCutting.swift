// How the files of a `read` become tasks: large ones are cut, small ones that follow one another share one.

import DshFormats
import DshPlan

/// The tasks of a `read`, in the order of its rows.
///
/// How they are cut depends on the files alone, never on the number of nodes.
public struct FileCutting: Sendable {
  /// What tasks are made from.
  public enum Unit: Hashable, Sendable {
    /// One file, cut as its format says.
    case cut(file: Int, FileSplits)
    /// Files that one task reads, each as a whole.
    case packed(Range<Int>)

    var taskCount: Int { if case .cut(_, let splits) = self { splits.count } else { 1 } }
  }

  public private(set) var units: [Unit] = []
  /// The number of the first task of each unit, and of the one behind the last.
  public private(set) var starts = [0]

  /// From so many files on, small ones share tasks; fewer are a task each, which is easier to look at.
  static let packedFrom = 16
  /// To open a file and to begin with it costs as much as to read so much more of it; what a task takes is not to be all opening.
  static let openingBytes = 32 << 10
  /// Tasks that are too small to fill a block are made all the same, so that they spread over nodes.
  static let spreadCount = 8

  public init(_ source: FileSource) {
    let splits = source.files.map { $0.splits(in: source) }
    let limit = source.packs && source.files.count >= Self.packedFrom ? Self.packBytes(source) : 0
    var pending = 0..<0
    var bytes = 0
    func close(_ units: inout [Unit]) {
      if pending.count == 1, let own = splits[pending.lowerBound] {
        units.append(.cut(file: pending.lowerBound, own))
      } else if !pending.isEmpty {
        units.append(.packed(pending))
      }
      bytes = 0
    }
    for (index, file) in source.files.enumerated() {
      let cost = file.sizeBytes + Self.openingBytes
      // What is not known of a file is found out by whoever reads all of it.
      guard splits[index] == nil || (splits[index]?.count ?? 0) <= 1 && cost <= limit else {
        close(&units)
        pending = index + 1..<index + 1
        if let own = splits[index] { units.append(.cut(file: index, own)) }
        continue
      }
      if bytes + cost > limit {
        close(&units)
        pending = index..<index
      }
      pending = pending.lowerBound..<index + 1
      bytes += cost
    }
    close(&units)
    starts = units.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.taskCount) }
  }

  public var taskCount: Int { starts[starts.count - 1] }

  /// The unit of a task, and the number of the task in it.
  public func place(ofTask task: Int) -> (unit: Int, task: Int) {
    var (low, high) = (0, units.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= task { low = middle } else { high = middle - 1 }
    }
    return (low, task - starts[low])
  }

  private static func packBytes(_ source: FileSource) -> Int {
    let all = source.files.reduce(0) { $0 + $1.sizeBytes + openingBytes }
    return min(source.blockBytes, max(all / spreadCount, FileSplits.smallestSpreadBytes))
  }
}

extension FileShape {
  /// How files of the format are read; nil for one that can't be.
  public var reading: (any FormatReading)? { (try? FormatRegistry.named(format))?.reading }
}

extension SourceFile {
  /// The parts that blocks are made from, the first of which begins at the first record; nil where they are not known before the file is read.
  func splits(in source: FileSource) -> FileSplits? {
    guard case .found(let dataStart, _) = knowledge else { return nil }
    let shape = source.shape(of: self)
    // A file that can't be read has no parts.
    guard let reading = shape.reading else { return FileSplits(of: 0..<0, blockBytes: 1, spreads: false) }
    return reading.splits(
      of: FileDescription(schema: shape.schema, dataStart: dataStart, layout: shape.layout), sizeBytes: sizeBytes,
      blockBytes: source.blockBytes, spreads: source.spreads)
  }
}
