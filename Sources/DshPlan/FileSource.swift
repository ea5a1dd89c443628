// The files behind a `read`: what was found out when they were named, and enough to notice that they changed.

import DshColumns
import DshDiagnostics
import DshSystem

/// A column that has one value in all rows of a file, as the names of its folders say.
public struct PartitionValue: Hashable, Sendable {
  @ExactText public var column: String
  public var value: Value

  public init(column: String, value: Value) {
    self.column = column
    self.value = value
  }
}

/// One file of a `read`.
public struct SourceFile: Hashable, Sendable {
  /// A name of the format registry, such as `csv`.
  public var format: String
  /// As the nodes open it: absolute.
  @ExactText public var path: String
  /// What it is called where the path means nothing to a person: what was typed for a pipe.
  public var givenName: String?
  /// The file as it was when it was named, to notice a change before and during reading.
  public var identity: FileIdentity
  /// The columns the file itself has, in its order, with the types agreed on for the whole dataset.
  public var schema: Schema
  /// The format's own description of the file (for CSV the dialect), as bytes.
  public var layout: [UInt8]
  /// The offset of the first record.
  public var dataStart: Int
  /// How many rows it has, if it says so.
  public var rowCount: Int?
  /// What the names of its folders say of all rows; such a column counts instead of one of the file itself.
  public var partition: [PartitionValue] = []

  public init(
    format: String, path: String, givenName: String? = nil, identity: FileIdentity, schema: Schema, layout: [UInt8], dataStart: Int,
    rowCount: Int? = nil
  ) {
    self.format = format
    self.path = path
    self.givenName = givenName
    self.identity = identity
    self.schema = schema
    self.layout = layout
    self.dataStart = dataStart
    self.rowCount = rowCount
  }

  /// What it is called: the path, unless it has a name of its own.
  public var name: String { givenName ?? path }

  public var sizeBytes: Int { identity.sizeBytes }
}

/// All files of a `read` and the columns they have together.
public struct FileSource: Hashable, Sendable {
  /// What receipts and `blocks` call it: the path or pattern as typed.
  @ExactText public var label: String
  public var files: [SourceFile]
  /// The union of the files' columns by name; a file without a column gives null.
  public var schema: Schema
  /// The name of the column that holds the file's path, if one was asked for.
  public var pathColumn: String?
  /// The bytes of file that one block is made from.
  public var blockBytes: Int
  /// Whether a file smaller than that is cut all the same, so that it spreads over nodes; not where somebody asked for a size or a number.
  public var spreads = true

  public init(label: String, files: [SourceFile], schema: Schema, pathColumn: String?, blockBytes: Int) {
    self.label = label
    self.files = files
    self.schema = schema
    self.pathColumn = pathColumn
    self.blockBytes = blockBytes
  }

  public var sizeBytes: Int { files.reduce(0) { $0 + $1.sizeBytes } }
}
