// The errors of reading CSV, each with the place in the file.
import DshColumns
import DshDiagnostics

enum CSVErrors {
  /// The number, from 1, of the line that holds a byte; reads the file up to there.
  static func line(of offset: Int, in source: ByteSource, _ dialect: CSVDialect) -> Int {
    var line = 1
    var position = 0
    var isBehindReturn = false
    while position < offset {
      guard let bytes = try? source.bytes(at: position, count: min(1 << 20, offset - position)), !bytes.isEmpty else { break }
      for byte in bytes {
        if byte == UInt8(ascii: "\n") || (isBehindReturn && dialect.endsAtReturns) { line += 1 }
        isBehindReturn = byte == UInt8(ascii: "\r")
      }
      position += bytes.count
    }
    return isBehindReturn && dialect.endsAtReturns ? line + 1 : line
  }

  private static func place(_ source: ByteSource, _ offset: Int, _ dialect: CSVDialect) -> String {
    "\(source.path), line \(line(of: offset, in: source, dialect))"
  }

  static func raggedRow(_ source: ByteSource, at offset: Int, _ dialect: CSVDialect, expected: Int, found: Int) -> Diagnostic {
    Diagnostic(
      .raggedRow,
      "a record has \(found) \(found == 1 ? "cell" : "cells") instead of \(expected): \(place(source, offset, dialect))",
      suggestion: "--ragged=fill fills missing cells with null and drops cells too many")
  }

  static func notUTF8(_ source: ByteSource, at offset: Int, _ dialect: CSVDialect) -> Diagnostic {
    // ISO 8859-1 has control characters where Windows-1252 has quotation marks and dashes.
    let byte = (try? source.bytes(at: offset, count: 1))?.first ?? 0
    let encoding = 0x80...0x9F ~= byte ? "windows-1252 (or --encoding=latin1)" : "latin1"
    return Diagnostic(
      .notUTF8, "not UTF-8 text: \(place(source, offset, dialect)), byte \(offset)",
      suggestion: "--encoding=\(encoding) reads every byte as one character")
  }

  /// - Parameter isTableWithoutQuotes: whether the advice to read quotes as text has been tried, and works.
  static func unterminatedQuote(
    _ source: ByteSource, at offset: Int, _ dialect: CSVDialect, isTableWithoutQuotes: Bool
  ) -> Diagnostic {
    Diagnostic(
      .unterminatedQuote, "a quote is opened and never closed: \(place(source, offset, dialect)), byte \(offset)",
      suggestion: isTableWithoutQuotes ? "--quote=none reads quotes as text" : nil)
  }

  static func recordTooLong(_ source: ByteSource, at offset: Int, _ dialect: CSVDialect, limitBytes: Int) -> Diagnostic {
    Diagnostic(
      .recordTooLong, "a record is longer than \(limitBytes >> 20) MiB: \(place(source, offset, dialect)), byte \(offset)",
      suggestion: "--delim, --quote and --escape say how the file is written")
  }

  static func cellType(_ source: ByteSource, at offset: Int, _ dialect: CSVDialect, field: Field, text: String) -> Diagnostic {
    Diagnostic(
      .cellType, "a cell of column \(field.name) is not \(field.type.name): \(place(source, offset, dialect)): \(text)",
      suggestion: "--types=\(optionItem("\(field.name):string")) reads it as text")
  }

  /// A text as an item of an option's list, quoted where it would be cut or end the option.
  private static func optionItem(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 > 0x20 && !"'\",;|()#\\".utf8.contains($0) }) { return text }
    return "\"" + String(text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }) + "\""
  }

  static func shrunk(_ source: ByteSource, at offset: Int) -> Diagnostic {
    Diagnostic(.fileChanged, "the file became shorter while it was read: \(source.path), byte \(offset)")
  }
}
