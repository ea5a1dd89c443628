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

/// How files are read that are written alike.
public struct FileShape: Hashable, Sendable {
  /// A name of the format registry, such as `csv`.
  public var format: String
  /// The columns such a file itself has, in its order, with the types agreed on for the whole dataset.
  public var schema: Schema
  /// The format's own description (for CSV the dialect), as bytes.
  public var layout: [UInt8]

  public init(format: String, schema: Schema, layout: [UInt8]) {
    self.format = format
    self.schema = schema
    self.layout = layout
  }
}

/// One file of a `read`.
public struct SourceFile: Hashable, Sendable {
  /// What is known of the file without reading all of it.
  public enum Knowledge: Hashable, Sendable {
    /// It was looked at: where its first record begins, and how many rows it has, if it says so.
    case found(dataStart: Int, rowCount: Int?)
    /// It is one of many, and nobody has looked at it: that it is read as its shape says is to be checked when it is opened.
    case assumed
  }

  /// As the nodes open it: absolute.
  @ExactText public var path: String
  /// What it is called where the path means nothing to a person: what was typed for a pipe.
  public var givenName: String?
  /// The file as it was when it was named, to notice a change before and during reading.
  public var identity: FileIdentity
  /// How it is read, by its place among the shapes of the `read`.
  public var shape: Int
  public var knowledge: Knowledge
  /// What the names of its folders say of all rows; such a column counts instead of one of the file itself.
  public var partition: [PartitionValue] = []

  public init(path: String, givenName: String? = nil, identity: FileIdentity, shape: Int, knowledge: Knowledge) {
    self.path = path
    self.givenName = givenName
    self.identity = identity
    self.shape = shape
    self.knowledge = knowledge
  }

  /// What it is called: the path, unless it has a name of its own.
  public var name: String { givenName ?? path }

  public var sizeBytes: Int { identity.sizeBytes }

  /// How many rows it has, if it says so.
  public var rowCount: Int? { if case .found(_, let rows) = knowledge { rows } else { nil } }

  /// Whether nobody has looked at it.
  public var isAssumed: Bool { knowledge == .assumed }

  /// The bytes of records, as far as that is known.
  public var dataBytes: Int { if case .found(let start, _) = knowledge { max(0, sizeBytes - start) } else { sizeBytes } }
}

/// All files of a `read` and the columns they have together.
public struct FileSource: Hashable, Sendable {
  /// What receipts and `blocks` call it: the path or pattern as typed.
  @ExactText public var label: String
  /// How the files are read, each way once.
  public var shapes: [FileShape]
  public var files: [SourceFile]
  /// The union of the files' columns by name; a file without a column gives null.
  public var schema: Schema
  /// The name of the column that holds the file's path, if one was asked for.
  public var pathColumn: String?
  /// The bytes of file that one block is made from.
  public var blockBytes: Int
  /// Whether a file smaller than that is cut all the same, so that it spreads over nodes; not where somebody asked for a size or a number.
  public var spreads = true
  /// Whether small files may share a block; not where rows are numbered in each file.
  public var packs = true
  /// Whether the files are ones that nobody changes or cuts short: nodes map them, and use their bytes where they lie.
  public var isMapped = false

  public init(label: String, shapes: [FileShape], files: [SourceFile], schema: Schema, pathColumn: String?, blockBytes: Int) {
    self.label = label
    self.shapes = shapes
    self.files = files
    self.schema = schema
    self.pathColumn = pathColumn
    self.blockBytes = blockBytes
  }

  public var sizeBytes: Int { files.reduce(0) { $0 + $1.sizeBytes } }

  /// How a file is read.
  public func shape(of file: SourceFile) -> FileShape { shapes[file.shape] }
}
