// Puts a file together from parts that were made apart.

import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats

/// What stands around and between the parts of one file.
struct FileAssembly {
  private let writing: any FormatWriting
  private let schema: Schema
  /// How the parts are compressed, and with them whatever stands around them.
  private let compression: Compression?
  private var parts: [PartSummary] = []

  init(_ writing: any FormatWriting, schema: Schema, compression: Compression? = nil) {
    self.writing = writing
    self.schema = schema
    self.compression = compression
  }

  func header() throws(Diagnostic) -> [UInt8] { try compressed(writing.header(schema)) }

  /// Takes the next part, which has rows; gives what stands before it.
  mutating func add(_ part: TextPart) throws(Diagnostic) -> [UInt8] {
    parts.append(PartSummary(rows: part.rows, byteCount: part.bytes.count, metadata: part.metadata))
    return parts.count == 1 ? [] : try compressed(writing.separator)
  }

  /// The rows so far, and where the parts begin in a file that is not compressed and has nothing between them.
  var rows: Int { parts.reduce(0) { $0 + $1.rows } }
  var partOffsets: [Int] {
    var offset = writing.header(schema).count
    return parts.map { part in
      defer { offset += part.byteCount }
      return offset
    }
  }

  /// What stands behind the parts so far.
  ///
  /// - Parameter other: what makes the footer instead.
  func footer(_ other: (any FormatWriting)? = nil) throws(Diagnostic) -> [UInt8] {
    let footer = (other ?? writing).footer(schema, parts: parts)
    // A file that holds nothing at all is no compressed file.
    if let compression, footer.isEmpty, parts.isEmpty, writing.header(schema).isEmpty { return try compression.member(of: footer) }
    return try compressed(footer)
  }

  private func compressed(_ bytes: [UInt8]) throws(Diagnostic) -> [UInt8] {
    guard let compression, !bytes.isEmpty else { return bytes }
    return try compression.member(of: bytes)
  }
}
