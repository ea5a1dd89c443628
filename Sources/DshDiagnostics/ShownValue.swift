// Values in messages: enough to know them by, however long they are.

extension Diagnostic {
  /// The most bytes of a value that a message shows.
  static let valueBytes = 80
  /// The most bytes of a message, or of one of its notes, that are printed or sent to another process: far more than a person reads.
  static let messageBytes = 4096

  /// A value as a message shows it: cut with an ellipsis where it is long.
  public static func shown(_ value: String) -> String { cut(value, to: valueBytes) }

  /// The same error with texts of a size that can be sent and read.
  public var bounded: Diagnostic {
    var copy = self
    copy.message = Self.cut(message, to: Self.messageBytes)
    copy.suggestion = suggestion.map(Self.cut)
    copy.notes = notes.map { Self.cut($0, to: Self.messageBytes) }
    return copy
  }

  private static func cut(_ suggestion: Suggestion) -> Suggestion {
    suggestion.text.utf8.count > messageBytes ? .words(cut(suggestion.text, to: messageBytes)) : suggestion
  }

  /// Bytes count, as one character may have any number of accents.
  private static func cut(_ text: String, to limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    var end = text.utf8.index(text.utf8.startIndex, offsetBy: limit)
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text.unicodeScalars[..<end]) + "…"
  }
}
