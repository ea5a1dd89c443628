// Puts a file together from parts that were made apart.

import DshBackend
import DshColumns
import DshFormats

/// What stands around and between the parts of one file.
struct FileAssembly {
  private let writing: any FormatWriting
  private let schema: Schema
  private var parts: [PartSummary] = []

  init(_ writing: any FormatWriting, schema: Schema) {
    self.writing = writing
    self.schema = schema
  }

  var header: [UInt8] { writing.header(schema) }

  /// Takes the next part, which has rows; gives what stands before it.
  mutating func add(_ part: TextPart) -> [UInt8] {
    parts.append(PartSummary(rows: part.rows, byteCount: part.bytes.count, metadata: part.metadata))
    return parts.count == 1 ? [] : writing.separator
  }

  /// What stands behind the parts so far.
  var footer: [UInt8] { writing.footer(schema, parts: parts) }
}
