// The options of `read` that say how a CSV file is written, each with what it sets.
import DshDiagnostics

/// All options.
enum CSVOption {
  static let all: [NamedOption<CSVOptions>] = [
    NamedOption("header") { $0.header = $1.isOn },
    NamedOption("names") { $0.names = $1.items },
    NamedOption("delim") { options, typed throws(Diagnostic) in options.delimiter = try delimiter(typed) },
    NamedOption("quote") { options, typed throws(Diagnostic) in options.quote = .some(try byte(typed)) },
    NamedOption("escape") { options, typed throws(Diagnostic) in options.escape = .some(try byte(typed)) },
    NamedOption("comment") { options, typed throws(Diagnostic) in options.comment = try byte(typed) },
    NamedOption("decimal") { options, typed throws(Diagnostic) in options.decimal = try byte(typed) ?? UInt8(ascii: ".") },
    NamedOption("thousands") { options, typed throws(Diagnostic) in options.thousands = try byte(typed) },
    NamedOption("null") { $0.nullTexts = $1.items },
    NamedOption("skip") { $0.skip = $1.number },
    NamedOption("ragged") { $0.ragged = RaggedPolicy(name: $1.text) },
  ]

  /// What a person can call a character that is awkward to type.
  private static let characterNames = ["tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "]
  /// What says that there is no such character.
  private static let none = "none"

  private static func delimiter(_ typed: FormatOption) throws(Diagnostic) -> String?? {
    let text = characterNames[typed.text] ?? typed.text
    guard 1...CSVDelimiter.longestBytes ~= text.utf8.count, !text.utf8.contains(10), !text.utf8.contains(13) else {
      throw Diagnostic(
        .invalidOptionValue, .user, "--delim takes 1 to \(CSVDelimiter.longestBytes) bytes without a line end, or none", span: typed.span,
        suggestion: "for a tab write --delim=tab")
    }
    return .some(text == none ? nil : text)
  }

  private static func byte(_ typed: FormatOption) throws(Diagnostic) -> UInt8? {
    let text = characterNames[typed.text] ?? typed.text
    if text == none { return nil }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte != 10, byte != 13 else {
      throw Diagnostic(
        .invalidOptionValue, .user, "--\(typed.name) takes one ASCII character or none", span: typed.span,
        suggestion: "for a tab write --\(typed.name)=tab")
    }
    return byte
  }
}

extension RaggedPolicy {
  /// The policy that a person asks for.
  fileprivate init(name: String) { self = Self.allCases.first { "\($0)" == name } ?? .error }
}
