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
    var (source, scan) = (try ByteSource(path: scan.path, name: scan.name, expecting: scan.identity, isMapped: scan.isMapped), scan)
    do {
      if scan.isAssumed { try reading.settle(&scan, &source) }
      reader = try reading.open(scan, source: source, predicate: predicate, batchRows: batchRows)
    } catch let failure as DecodingFailure {
      throw Diagnostic(.badTask, "the layout of a file can't be read: \(failure.reason)")
    }
    self.source = source
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

extension FormatReading {
  /// Finds out how a file is read that is taken to be like others, and whether it is.
  ///
  /// - Throws: `FileChanged` if it is not; what is wrong with it, if anything is, shows when it is looked at by itself.
  fileprivate func settle(_ scan: inout FileScan, _ source: inout ByteSource) throws {
    let known = FileDescription(schema: scan.schema, dataStart: 0, layout: scan.layout)
    let own: FileDescription?
    do {
      if isText { source = try source.decoded() }
      own = try description(of: source, like: known)
    } catch let diagnostic as Diagnostic where diagnostic.category == .user { own = nil }
    guard let own else { throw FileChanged(path: scan.path, isUnlikeOthers: true) }
    scan.layout = own.layout
    scan.bytes = min(own.dataStart, source.sizeBytes)..<source.sizeBytes
  }
}

extension ByteSource {
  /// What small files become is kept in memory; one that becomes more than this is looked at by itself.
  private static let decodedLimitBytes = 64 << 20

  /// The file as readers of text get it: as it is, unless it is compressed or in UTF-16. Throws what decoding can throw.
  fileprivate func decoded() throws -> ByteSource {
    guard InputDecoder.isNeeded(for: try bytes(at: 0, count: Compression.magicBytes), name: path, encoding: .utf8OrUTF16(nil)) else {
      return self
    }
    let limit = DecompressionLimit(asked: Self.decodedLimitBytes, freeBytes: .max)
    var decoder = InputDecoder(name: path, encoding: .utf8OrUTF16(nil), limit: limit)
    var text: [UInt8] = []
    let raw = try bytes(at: 0, count: sizeBytes)
    var failure: Diagnostic?
    raw.withUnsafeBytes { raw in
      do throws(Diagnostic) { try decoder.decode(raw, isEnd: true) { text += $0 } } catch { failure = error }
    }
    if let failure { throw failure }
    return try ByteSource(self, decoded: text)
  }
}
