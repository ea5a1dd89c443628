// Errors as bytes: what a node or a task says of what went wrong.

import DshDiagnostics

extension ByteWriter {
  /// Writes an error; what is long in it is cut.
  public mutating func write(_ whole: Diagnostic) {
    let diagnostic = whole.bounded
    write(diagnostic.code.name)
    write(diagnostic.category.wireNumber)
    write(diagnostic.message)
    write(diagnostic.span) { writer, span in
      writer.write(span.start)
      writer.write(span.end)
    }
    write(diagnostic.suggestion) { writer, suggestion in
      switch suggestion {
      case .words(let text):
        writer.write(false)
        writer.write(text)
      case .fix(let fix):
        writer.write(true)
        writer.write(fix.replacement)
      }
    }
    write(diagnostic.notes) { $0.write($1) }
    write(diagnostic.row) { writer, place in
      writer.write(place.step)
      writer.write(place.row)
      writer.write(place.part)
    }
  }
}

extension ByteReader {
  private mutating func readSuggestion() throws(DecodingFailure) -> Diagnostic.Suggestion {
    let isFix = try readBool()
    let text = try readString()
    return isFix ? .fix(Fix(text)) : .words(text)
  }

  public mutating func readDiagnostic() throws(DecodingFailure) -> Diagnostic {
    guard let code = DiagnosticCode(named: try readString()) else { throw DecodingFailure("an unknown error code") }
    guard let category = DiagnosticCategory(wireNumber: try readUInt8()) else { throw DecodingFailure("an unknown error category") }
    let message = try readString()
    let span = try readBool() ? SourceSpan(start: try readInt(), end: try readInt()) : nil
    let suggestion = try readBool() ? try readSuggestion() : nil
    let noteCount = Int(try readUInt32())
    guard noteCount <= remaining else { throw DecodingFailure("\(noteCount) notes with \(remaining) bytes left") }
    var notes: [String] = []
    for _ in 0..<noteCount { notes.append(try readString()) }
    var diagnostic = Diagnostic(code, category, message, span: span, suggestion: suggestion, notes: notes)
    diagnostic.row = try readBool() ? RowPlace(step: try readInt(), row: try readInt(), part: try readInt()) : nil
    return diagnostic
  }
}

extension DiagnosticCategory {
  private static let wireOrder: [DiagnosticCategory] = [.syntax, .user, .environment, .cluster, .bug, .cancelled]

  var wireNumber: UInt8 {
    switch self {
    case .syntax: 0
    case .user: 1
    case .environment: 2
    case .cluster: 3
    case .bug: 4
    case .cancelled: 5
    }
  }

  init?(wireNumber: UInt8) {
    guard Int(wireNumber) < Self.wireOrder.count else { return nil }
    self = Self.wireOrder[Int(wireNumber)]
  }
}
