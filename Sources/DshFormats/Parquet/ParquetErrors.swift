// The errors of reading Parquet, each with the file, the row group and the column.
import DshColumns
import DshDiagnostics

/// A place in a Parquet file that an error can name.
struct ParquetPlace {
  var path: String
  /// From 0.
  var rowGroup: Int?
  var column: String?

  private var text: String {
    var text = path
    if let rowGroup { text += ", row group \(rowGroup + 1)" }
    if let column { text += ", column \(Diagnostic.shown(column))" }
    return text
  }

  /// Something that can't be as it is.
  func damaged(_ reason: String) -> Diagnostic { Diagnostic(.badFile, "a Parquet file is damaged: \(reason): \(text)") }

  func damaged(_ what: String, _ failure: ThriftFailure) -> Diagnostic { damaged("\(what) can't be read, as \(failure.reason)") }

  /// Something that is sound for all one knows, and that dsh does not read.
  func unsupported(_ what: String) -> Diagnostic { Diagnostic(.notAvailable, "\(what) can't be read: \(text)") }

  /// Something larger than what is read.
  func tooLarge(_ what: String, limit: Int) -> Diagnostic {
    Diagnostic(.badFile, "\(what) is larger than \(limit) bytes, more than is read of a Parquet file: \(text)")
  }

  var notUTF8: Diagnostic { Diagnostic(.notUTF8, "a text is not UTF-8: \(text)") }
}

/// A leaf that was said to be of whole seconds is not: it has to be read in milliseconds.
struct ParquetFractionOfSecond: Error {
  /// The path of the leaf.
  var leaf: String
}

/// A value that Parquet's types don't hold.
struct ParquetUnwritable: Error {
  var code: DiagnosticCode
  var reason: String

  static let nullKey = ParquetUnwritable(code: .badArgument, reason: "a key of a map is null")
  static let distantSecond = ParquetUnwritable(code: .timestampOutOfRange, reason: "a timestamp in seconds is beyond those in milliseconds")
}
