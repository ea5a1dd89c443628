// A task's share of a `read` that is several small files, each as a whole, one after another.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

/// Files that follow one another in a `read`.
public struct ReadFiles: SourceSpec {
  public static let name = "scan_files"

  /// Each with all of its bytes; the columns are the same for all.
  public var files: [ReadSplit]

  /// - Precondition: there is one at least.
  public init(_ files: [ReadSplit]) {
    precondition(!files.isEmpty, "a task reads something")
    self.files = files
  }

  public var title: String { "read" }
  public var verb: String? { "read" }
  public var sizeBytes: Int { files.reduce(0) { $0 + $1.sizeBytes } }
  public var schema: Schema { files[0].schema }
  public var counting: ReadFiles { ReadFiles(files.map(\.counting)) }

  public func canApply(_ predicate: Expression) -> Bool { files.allSatisfy { $0.canApply(predicate) } }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    FilesSource(files.map { $0.asSeen(in: environment) }, filter: filter, batchRows: batchRows)
  }

  // MARK: Coding

  /// What files have in common is written once: all but where they are, and values that stand for all rows of one.
  public func encode(to writer: inout ByteWriter) {
    var places: [ReadSplit: Int] = [:]
    var common: [ReadSplit] = []
    let own = files.map { file -> Int in
      let rest = file.withoutItsOwn
      // Files that are alike mostly follow one another.
      if let last = common.last, last == rest { return common.count - 1 }
      if let place = places[rest] { return place }
      places[rest] = common.count
      common.append(rest)
      return common.count - 1
    }
    writer.write(common) { $1.encode(to: &$0) }
    writer.write(Array(zip(files, own))) { writer, file in
      let (split, place) = file
      writer.write(place)
      split.scan.encodeOwn(to: &writer)
      for case .constant(let value, _) in split.columns { writer.write(value) }
    }
  }

  public init(from reader: inout ByteReader) throws {
    let common = try reader.readArray { try ReadSplit(from: &$0) }
    files = try reader.readArray { reader in
      let place = try reader.readInt()
      guard common.indices.contains(place) else { throw DecodingFailure("a file unlike all others") }
      var split = common[place]
      split.scan = try FileScan(split.scan, own: &reader)
      for (index, column) in split.columns.enumerated() {
        if case .constant(_, let type) = column { split.columns[index] = .constant(try reader.readValue(), type) }
      }
      return split
    }
    guard let first = files.first, files.allSatisfy({ $0.schema == first.schema }) else {
      throw DecodingFailure("files without columns in common")
    }
  }
}

extension ReadSplit {
  /// What files may have in common.
  fileprivate var withoutItsOwn: ReadSplit {
    var rest = self
    rest.scan = scan.common
    for (index, column) in columns.enumerated() {
      if case .constant(_, let type) = column { rest.columns[index] = .constant(.null, type) }
    }
    return rest
  }
}

/// The rows of one file after another; one is open at a time.
private final class FilesSource: BatchSource {
  let schema: Schema
  private var remaining: ArraySlice<ReadSplit>
  private let filter: SourceFilter?
  private let batchRows: Int
  private var current: FileSplitSource?
  /// What the files before the current one told.
  private var done = TaskReport()
  private var rowsFilteredBefore = 0

  init(_ files: [ReadSplit], filter: SourceFilter?, batchRows: Int) {
    schema = files[0].schema
    remaining = files[...]
    self.filter = filter
    self.batchRows = batchRows
  }

  func next() throws -> Batch? {
    while true {
      if let batch = try current?.next() { return batch }
      try close()
      guard let file = remaining.popFirst() else { return nil }
      current = try FileSplitSource(file, filter: filter, rowsBefore: rowsFilteredBefore, batchRows: batchRows)
    }
  }

  var scanned: ScanProgress {
    let now = current?.scanned ?? ScanProgress(rows: 0, bytes: 0)
    return ScanProgress(rows: done.rowsScanned + now.rows, bytes: done.bytesScanned + now.bytes)
  }

  var rowsFiltered: Int { current?.rowsFiltered ?? rowsFilteredBefore }

  func finish(_ report: inout TaskReport) throws {
    try close()
    report.rowsScanned = done.rowsScanned
    report.bytesScanned = done.bytesScanned
    report.irregular = done.irregular
    report.rowGroups = done.rowGroups
    report.inPlaceBytes = done.inPlaceBytes
  }

  /// Adds what the current file tells.
  private func close() throws {
    guard let file = current else { return }
    rowsFilteredBefore = file.rowsFiltered
    var own = TaskReport()
    try file.finish(&own)
    done.rowsScanned += own.rowsScanned
    done.bytesScanned += own.bytesScanned
    done.irregular += own.irregular
    done.rowGroups += own.rowGroups
    done.inPlaceBytes += own.inPlaceBytes
    current = nil
  }
}
