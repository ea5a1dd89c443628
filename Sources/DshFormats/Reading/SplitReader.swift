// Reads a split of a file of any format, and notices when the file changes meanwhile.
import DshColumns
import DshDiagnostics

/// The rows of one split; one thread uses it.
public final class SplitReader {
  private let source: ByteSource
  private let reader: any FormatReader

  /// Opens a split; throws what reading can throw, and `FileChanged` if the file is not what it was when it was named.
  public init(_ scan: FileScan, predicate: (any ScanPredicate)?, batchRows: Int) throws {
    let reading = try FormatRegistry.named(scan.format).readingOrRefusal()
    source = try ByteSource(path: scan.path, name: scan.name, expecting: scan.identity)
    do {
      reader = try reading.open(scan, source: source, predicate: predicate, batchRows: batchRows)
    } catch let failure as DecodingFailure {
      throw Diagnostic(.badTask, "the layout of a file can't be read: \(failure.reason)")
    }
  }

  /// Where the first record of the split begins.
  public var start: Int { reader.start }

  public var scanned: ScanProgress { reader.scanned }

  /// The next wanted rows, never none; nil at the end of the split.
  public func next() throws -> Batch? {
    do { return try reader.next() } catch {
      // What looks wrong in a file that is being written is no fault of the file.
      try source.checkUnchanged()
      throw error
    }
  }

  /// What was found; throws `FileChanged` if it may belong to two states of the file.
  public func finish() throws -> ScanFindings {
    try source.checkUnchanged()
    return try reader.finish()
  }
}
