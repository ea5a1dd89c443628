// What running a plan can find out about its files that binding could not know.

import DshColumns

/// A column of a file that turned out to hold something else than sampling had shown.
public struct SchemaSurprise: Error, Sendable {
  /// The path of the file, the file's own column index, and what was found.
  public var columns: [(path: String, column: Int, name: String, type: DataType, text: String, byteOffset: Int)]

  public init(columns: [(path: String, column: Int, name: String, type: DataType, text: String, byteOffset: Int)]) {
    self.columns = columns
  }
}

/// A file that is not what it was when it was named.
public struct FileChanged: Error, Sendable {
  public var path: String

  public init(path: String) { self.path = path }
}
