// The way in: text to syntax, completeness for the editor, scalars for the command line.
import DshDiagnostics

/// What a text says and what is wrong with it.
public struct ParseResult: Sendable {
  /// Every statement, those with errors marked.
  public var script: Script
  /// In source order.
  public var diagnostics: [Diagnostic]

  public var hasErrors: Bool { !diagnostics.isEmpty }
}

/// Reads a text; never fails, every mistake is a diagnostic.
///
/// - Parameter datasets: names that stand for datasets already.
public func parse(_ source: SourceText, datasets: Set<String> = []) -> ParseResult {
  guard source.text.utf8.count <= Limits.textBytes else {
    let problem = Diagnostic(
      .textTooLong, .syntax, "the text is longer than \(Limits.textBytes >> 20) MiB", span: SourceSpan(start: 0, end: 0),
      suggestion: "data belongs in a file that `read` reads")
    return ParseResult(script: Script(statements: []), diagnostics: [problem])
  }
  var parser = Parser(Array(source.text.utf8), datasets: datasets)
  let script = parser.parseScript()
  let inOrder = parser.diagnostics.enumerated().sorted {
    ($0.element.span?.start ?? 0, $0.offset) < ($1.element.span?.start ?? 0, $1.offset)
  }
  return ParseResult(script: script, diagnostics: inOrder.map(\.element))
}

/// Whether a text is a whole program or waits for more.
public enum Completeness: Sendable, Hashable {
  /// It can run, or it has a mistake that more text can't mend.
  case complete
  /// It goes on, with that open.
  case incomplete(open: OpenConstruct)
}

/// What a text leaves open at its end.
public enum OpenConstruct: Sendable, Hashable {
  /// `(`, `[` or `{`: the innermost that is not closed.
  case bracket(Character)
  /// `'`, `"` or a backtick.
  case quote(Character)
  case pipe
  case comma
  /// A binary operator, `not`, or the `=` of a binding.
  case operation
  case backslash

  /// What a continuation prompt shows.
  public var symbol: Character {
    switch self {
    case .bracket(let character), .quote(let character): character
    case .pipe: "|"
    case .comma: ","
    case .operation: "+"
    case .backslash: "\\"
    }
  }
}

/// Whether Enter should run the text or open another line.
public func completeness(of text: String) -> Completeness {
  guard text.utf8.count <= Limits.textBytes else { return .complete }
  var parser = Parser(Array(text.utf8))
  _ = parser.parseScript()
  return parser.openConstruct.map { .incomplete(open: $0) } ?? .complete
}

/// The value of `--set n=VALUE`: a literal as in the language, and any other text as a string.
public func parseScalar(_ text: String) -> Result<Literal, Diagnostic> {
  switch text {
  case "null": return .success(.null)
  case "true": return .success(.bool(true))
  case "false": return .success(.bool(false))
  default: break
  }
  switch parseNumber(text) {
  case _ where hasLeadingZero(text): return .success(.string(text))
  case .int64(let value): return .success(.int64(value))
  case .float64(let value): return .success(.float64(value))
  case .overflow: return .failure(Diagnostic(.integerOverflow, .syntax, "the number does not fit in 64 bits: \(text)"))
  case nil: break
  }
  guard let quote = text.utf8.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return .success(.string(text)) }
  let bytes = Array(text.utf8)
  guard Lexer(bytes).endOfString(from: 0) == bytes.count else {
    return .failure(Diagnostic(.unterminatedString, "the quote is not closed: \(text)"))
  }
  let reading = readEscapes(bytes[1..<(bytes.count - 1)], at: 1)
  guard reading.badEscapes.isEmpty else {
    return .failure(Diagnostic(.invalidEscape, "no such escape in: \(text)"))
  }
  return .success(.string(reading.text))
}

/// Whether digits stand behind a first zero, as in a postcode or an account: numbers are not written so.
private func hasLeadingZero(_ text: String) -> Bool {
  let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
  return digits.first == UInt8(ascii: "0") && digits.dropFirst().first.map { $0.isDigit || $0 == UInt8(ascii: "_") } ?? false
}
