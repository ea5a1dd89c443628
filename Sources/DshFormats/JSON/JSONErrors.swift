// The errors of reading JSON, each with its line and column in the file.
import DshColumns
import DshDiagnostics

enum JSONErrors {
  /// `FILE, line 3, column 7`: lines and characters are counted from 1; reads the file up to there.
  static func place(_ source: ByteSource, _ offset: Int) -> String {
    var line = 1
    var column = 1
    var position = 0
    while position < offset {
      guard let bytes = try? source.bytes(at: position, count: min(1 << 20, offset - position)), !bytes.isEmpty else { break }
      for (index, byte) in bytes.enumerated() {
        let isMark = position + index < 3 && [0xEF, 0xBB, 0xBF][position + index] == byte
        if byte == UInt8(ascii: "\n") {
          line += 1
          column = 1
        } else if byte & 0xC0 != 0x80, !isMark {
          column += 1
        }
      }
      position += bytes.count
    }
    return "\(source.path), line \(line), column \(column)"
  }

  static func invalid(_ source: ByteSource, at offset: Int, _ problem: String, suggestion: Diagnostic.Suggestion? = nil) -> Diagnostic {
    Diagnostic(.invalidJSON, "this is no JSON: \(place(source, offset)): \(problem)", suggestion: suggestion)
  }

  static func notUTF8(_ source: ByteSource, at offset: Int) -> Diagnostic {
    Diagnostic(.notUTF8, "not UTF-8 text: \(place(source, offset)), byte \(offset)")
  }

  static func notAnObject(_ source: ByteSource, at offset: Int) -> Diagnostic {
    Diagnostic(
      .invalidJSON, "a record is no object, other than those before it: \(place(source, offset))",
      suggestion: "--raw reads every record as its JSON text")
  }

  static func recordTooLong(_ source: ByteSource, at offset: Int, isLine: Bool) -> Diagnostic {
    Diagnostic(
      .recordTooLong, "a record is longer than \(JSONWindow.recordLimitBytes >> 20) MiB: \(place(source, offset))",
      suggestion: isLine ? nil : "--records=PATH names the array inside of a document that holds the rows")
  }

  static func columnLimit(_ source: ByteSource) -> Diagnostic {
    Diagnostic(
      .invalidJSON, "the records have more than \(JSONShape.memberLimit) different names: \(source.path)",
      suggestion: "--raw reads every record as its JSON text")
  }

  static func noRecords(_ source: ByteSource, path: String, at offset: Int) -> Diagnostic {
    Diagnostic(.invalidOptionValue, .user, "--records=\(path) names no array of the document: \(place(source, offset))")
  }

  static func cellType(_ source: ByteSource, at offset: Int, field: Field, text: String) -> Diagnostic {
    Diagnostic(
      .cellType, "a value of column \(field.name) is not \(field.type.name): \(place(source, offset)): \(text)",
      suggestion: "--types=\(field.name):json keeps values as their JSON text")
  }

  static func shrunk(_ source: ByteSource, at offset: Int) -> Diagnostic {
    Diagnostic(.fileChanged, "the file became shorter while it was read: \(source.path), byte \(offset)")
  }
}
