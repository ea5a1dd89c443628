// How the files of a format are read: found out about, cut, and read split by split.
import DshColumns
import DshDiagnostics

/// The reading side of a format.
///
/// A file is looked at by itself; what the files of one `read` tell together is settled then. What came of it is plain data that goes to the nodes, where
/// splits are opened.
public protocol FormatReading: Sendable {
  /// What a look at one file told, before anything is decided that depends on the other files of the `read`.
  associatedtype Look: Sendable

  /// Whether the files are text, which readers get as UTF-8 or byte by byte whatever it is written in.
  var isText: Bool { get }
  /// The options of `read` that say something about the format's files, without dashes.
  var optionNames: [String] { get }
  /// Everything that is wrong with the values of options that are its own.
  func mistakes(in options: [FormatOption]) -> [Diagnostic]

  /// Looks at a file, at a cost that does not depend on the file's size. Throws what reading can throw, and for files that are none of the format's.
  func look(at source: ByteSource, options: ReadOptions) throws -> Look
  /// Describes files, in their order, by what they tell together: those of one `read` that are read in the same way, even if their formats have different names.
  func settle(_ looks: [Look], options: ReadOptions) throws -> [FileDescription]

  /// Describes a file that is taken to be like one that was looked at.
  ///
  /// - Parameter known: what that one is like; its `dataStart` says nothing.
  /// - Returns: nil if the file is to be read in another way. Cells that do not fit the types of columns are no reason.
  /// - Throws: what is wrong with the file, and `DecodingFailure` if the known layout is none.
  func description(of source: ByteSource, like known: FileDescription) throws -> FileDescription?

  /// How a file is cut.
  ///
  /// - Parameters:
  ///   - sizeBytes: its size, which may have grown since it was described.
  ///   - blockBytes, spreads: as in `FileSplits`.
  func splits(of file: FileDescription, sizeBytes: Int, blockBytes: Int, spreads: Bool) -> FileSplits
  /// Whether where a split's first record begins is a guess that has to be compared with where the split before ends. The first split of a file begins right in any
  /// case.
  var guessesStarts: Bool { get }

  /// Opens a split.
  ///
  /// - Parameters:
  ///   - source: the file, open.
  ///   - predicate: decides which rows are wanted, so that the other columns need to be read for those alone.
  ///   - batchRows: the most rows of a batch.
  /// - Throws: what reading can throw, and `DecodingFailure` if the scan's layout is none.
  func open(_ scan: FileScan, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws -> any FormatReader
}

extension FormatReading {
  public var isText: Bool { false }
  public var optionNames: [String] { [] }
  public func mistakes(in options: [FormatOption]) -> [Diagnostic] { [] }

  /// By a look at the file itself, which may have less in its columns.
  public func description(of source: ByteSource, like known: FileDescription) throws -> FileDescription? {
    let options = ReadOptions()
    guard let own = try settle([look(at: source, options: options)], options: options).first, own.schema.names == known.schema.names,
      zip(own.schema.fields, known.schema.fields).allSatisfy({ $0.type.unified(with: $1.type) == $1.type })
    else { return nil }
    return FileDescription(schema: known.schema, dataStart: own.dataStart, layout: own.layout, rowCount: own.rowCount)
  }

  /// Evenly, from the first record to the end of the file.
  public func splits(of file: FileDescription, sizeBytes: Int, blockBytes: Int, spreads: Bool) -> FileSplits {
    FileSplits(of: file.dataStart..<max(file.dataStart, sizeBytes), blockBytes: blockBytes, spreads: spreads)
  }

  public var guessesStarts: Bool { false }
}

/// What is known of a file once it is found out how to read it.
public struct FileDescription: Hashable, Sendable {
  /// The columns the file itself has, in its order; one without any value has the type null.
  public var schema: Schema
  /// The offset of the first record.
  public var dataStart: Int
  /// What else the format needs to know to read it (for CSV the dialect), as bytes.
  public var layout: [UInt8]
  /// How many rows the file has, if it says so without being read.
  public var rowCount: Int?
  /// What a person should know of how it is read, a sentence each.
  public var notes: [String]

  public init(schema: Schema, dataStart: Int, layout: [UInt8], rowCount: Int? = nil, notes: [String] = []) {
    self.schema = schema
    self.dataStart = dataStart
    self.layout = layout
    self.rowCount = rowCount
    self.notes = notes
  }
}
