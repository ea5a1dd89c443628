// The tokens of the language; a token is a kind and a byte range, its meaning is read from the bytes when needed.
import DshDiagnostics

struct Token: Equatable {
  var kind: TokenKind
  var start: Int
  var end: Int

  var span: SourceSpan { SourceSpan(start: start, end: end) }
}

enum TokenKind: Equatable {
  case endOfText, newline, semicolon, pipe, comma
  case name, quotedName, parameter
  case string, rawString, number
  /// `2024-01-31` without quotes: always a mistake, and a common one.
  case bareDate
  case openParenthesis, closeParenthesis, openBracket, closeBracket, openBrace, closeBrace
  case assign, equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, matches, notMatches, coalesce
  case plus, plusPlus, minus, dashDash, star, slash, slashSlash, percent
  case colon, doubleColon, dot
  /// `->` between the parameters of a lambda and its body.
  case arrow
  /// Operators of other languages, known so that the answer can name ours.
  case doubleAmpersand, doublePipe, bang, lessGreater
  case unterminatedString, unterminatedName
  case invalid

  /// Whether no stage goes on past it.
  var endsStage: Bool {
    switch self {
    case .endOfText, .newline, .semicolon, .pipe: true
    default: false
    }
  }

  /// Whether no statement goes on past it.
  var endsStatement: Bool { endsStage && self != .pipe }

  var isOpening: Bool { self == .openParenthesis || self == .openBracket || self == .openBrace }
  var isClosing: Bool { self == .closeParenthesis || self == .closeBracket || self == .closeBrace }
}
