// What running a plan can find out about its files that binding could not know.

import DshColumns
import DshDiagnostics

/// A column of a file that turned out to hold something else than sampling had shown.
public struct SchemaSurprise: Error, Sendable {
  /// What a cell did not fit: a file as one `read` reads it. Another `read` of the file may read it in another way.
  public struct Reading: Hashable, Sendable {
    @ExactText public var path: String
    /// The dialect as bytes and the columns, as in `SourceFile`.
    public var dialect: [UInt8]
    public var schema: Schema

    public init(path: String, dialect: [UInt8], schema: Schema) {
      self.path = path
      self.dialect = dialect
      self.schema = schema
    }

    /// Whether a file of a `read` is read in this way.
    public func matches(_ file: SourceFile) -> Bool { file.path.isExactly(path) && file.dialect == dialect && file.schema == schema }
  }

  public var reading: Reading
  /// The file's own column index, and what was found.
  public var columns: [(column: Int, name: String, type: DataType, text: String, byteOffset: Int)]

  public init(reading: Reading, columns: [(column: Int, name: String, type: DataType, text: String, byteOffset: Int)]) {
    self.reading = reading
    self.columns = columns
  }
}

/// A file that is not what it was when it was named.
public struct FileChanged: Error, Sendable {
  public var path: String

  public init(path: String) { self.path = path }
}
