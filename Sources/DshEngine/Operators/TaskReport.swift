// What a task tells besides the blocks it made: counts, findings, and a failure that may not count.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

/// The counts and findings of one task.
public struct TaskReport: Equatable, Sendable {
  /// Rows in the blocks made.
  public var rows = 0
  /// Whether the source was read to its end, so that the result holds all its rows.
  public var isComplete = true
  /// Rows that entered each step.
  public var stepRows: [Int] = []
  /// Rows and bytes of source that were looked at.
  public var rowsScanned = 0
  public var bytesScanned = 0
  /// Records of the source that are not given as they stand in it.
  public var irregular = IrregularRecords()
  /// Parts of the source that its statistics spared reading.
  public var rowGroups = RowGroupCounts()
  /// Bytes of mapped files that were used where they lie.
  public var inPlaceBytes = 0
  /// Where the first record of a split began and where the one after its last begins, if the split was read to its end.
  public var scanRange: Range<Int>?
  /// Cells that don't fit the types found by sampling; nothing else holds then but where the split began and ended.
  public var mismatch: SchemaMismatch?
  /// The file that is not what it was taken for; nothing else holds then.
  public var changed: FileChanged?
  /// Why the task failed, if its start was a guess: the failure counts only if the guess was right.
  public var failure: Diagnostic?
  /// Rows of each partition, in order.
  public var partitionRows: [Int] = []
  /// What is known of the columns of the block that was made, in order; empty if nobody has looked.
  public var statistics: [ColumnStatistics] = []
  /// What the footer of a file has to know of a part that was made for it.
  public var partMetadata: [UInt8] = []

  /// What the programs of its steps were given and gave.
  public var programs = ProgramWork()

  public init() {}

  /// Rows that went into the blocks, or would have if the sink kept all.
  public var rowsOut: Int { stepRows.last ?? rows }
}

extension ByteWriter {
  public mutating func write(_ report: TaskReport) {
    write(report.rows)
    write(report.isComplete)
    write(report.stepRows) { $0.write($1) }
    write(report.rowsScanned)
    write(report.bytesScanned)
    write(report.irregular.cut)
    write(report.irregular.filled)
    write(report.irregular.skipped)
    write(report.irregular.repeatedHeaders)
    write(report.rowGroups.total)
    write(report.rowGroups.read)
    write(report.inPlaceBytes)
    write(report.scanRange) { writer, range in
      writer.write(range.lowerBound)
      writer.write(range.upperBound)
    }
    write(report.mismatch) { $1.encode(to: &$0) }
    write(report.changed) { writer, changed in
      writer.write(changed.path)
      writer.write(changed.isUnlikeOthers)
    }
    write(report.failure) { $0.write($1) }
    write(report.partitionRows) { $0.write($1) }
    write(report.partMetadata)
    write(report.statistics) { $0.write($1) }
    write(report.programs)
  }
}

extension ByteReader {
  public mutating func readTaskReport() throws -> TaskReport {
    var report = TaskReport()
    report.rows = try readInt()
    report.isComplete = try readBool()
    report.stepRows = try readArray { try $0.readInt() }
    report.rowsScanned = try readInt()
    report.bytesScanned = try readInt()
    report.irregular.cut = try readInt()
    report.irregular.filled = try readInt()
    report.irregular.skipped = try readInt()
    report.irregular.repeatedHeaders = try readInt()
    report.rowGroups.total = try readInt()
    report.rowGroups.read = try readInt()
    report.inPlaceBytes = try readInt()
    report.scanRange = try readOptional { reader in
      let start = try reader.readInt()
      let end = try reader.readInt()
      guard start <= end else { throw DecodingFailure("a scan that ends before it starts") }
      return start..<end
    }
    report.mismatch = try readOptional { try SchemaMismatch(from: &$0) }
    report.changed = try readOptional { FileChanged(path: try $0.readString(), isUnlikeOthers: try $0.readBool()) }
    report.failure = try readOptional { try $0.readDiagnostic() }
    report.partitionRows = try readArray { try $0.readInt() }
    report.partMetadata = try readBytes()
    report.statistics = try readArray { try $0.readStatistics() }
    report.programs = try readProgramWork()
    return report
  }
}
