// How the files of a format are written: parts that can be made apart, and what stands around and between them.
import DshColumns
import DshDiagnostics

/// The writing side of a format.
///
/// A file is the header, the parts that hold rows with `separator` between them, and the footer. Nothing is remembered from part to part, so that they can be made on
/// different nodes; what a footer has to know of them, each part gives back as bytes.
public protocol FormatWriting: Sendable {
  /// Whether its files are text, which other programs expect to find compressed as a whole.
  var writesText: Bool { get }
  /// The options of `write` that say something about the format's files, without dashes.
  var optionNames: [String] { get }
  /// The same writing as options say, which are its own; throws `bad-option`.
  func configured(_ options: [FormatOption]) throws(Diagnostic) -> Self
  /// What stands between two parts.
  var separator: [UInt8] { get }
  func header(_ schema: Schema) -> [UInt8]
  /// Begins a part, whose bytes go behind what is in a buffer already.
  func makePart(_ schema: Schema, output: MutableBuffer) -> any FormatPart
  /// The end of a file, by all its parts in order.
  func footer(_ schema: Schema, parts: [PartSummary]) -> [UInt8]
}

/// A part of a file being made; one thread uses it.
public protocol FormatPart: AnyObject {
  /// Takes rows; their bytes are in the buffer at the latest when the part is finished. Throws for a value that the format has no place for.
  func append(_ batch: Batch) throws(Diagnostic)
  /// Completes the part; gives what the footer has to know of it, such as statistics of its columns.
  func finish() -> [UInt8]
}

/// What is known of a part that is made.
public struct PartSummary: Hashable, Sendable {
  public var rows: Int
  public var byteCount: Int
  /// What the part gave back when it was finished.
  public var metadata: [UInt8]

  public init(rows: Int, byteCount: Int, metadata: [UInt8]) {
    self.rows = rows
    self.byteCount = byteCount
    self.metadata = metadata
  }
}

extension FormatWriting {
  public var writesText: Bool { false }
  public var optionNames: [String] { [] }
  public func configured(_ options: [FormatOption]) throws(Diagnostic) -> Self { self }

  /// The same for options as bytes; none for none. Throws `DecodingFailure` too.
  public func configured(by bytes: [UInt8]) throws -> Self {
    if bytes.isEmpty { return self }
    var reader = ByteReader(bytes)
    return try configured(try reader.readArray { try FormatOption(from: &$0) })
  }

  /// Appends a whole file of one part; for small results. Throws as parts do.
  public func append(_ batches: [Batch], schema: Schema, to output: MutableBuffer) throws(Diagnostic) {
    header(schema).withUnsafeBytes { CellText.append(bytes: $0, to: output) }
    let start = output.byteCount
    let part = makePart(schema, output: output)
    for batch in batches { try part.append(batch) }
    let metadata = part.finish()
    let rows = batches.reduce(0) { $0 + $1.rowCount }
    let summary = PartSummary(rows: rows, byteCount: output.byteCount - start, metadata: metadata)
    footer(schema, parts: rows > 0 ? [summary] : []).withUnsafeBytes { CellText.append(bytes: $0, to: output) }
  }
}
