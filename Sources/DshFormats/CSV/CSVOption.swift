// The options of `read` that say how a CSV file is written, each with what it sets.
import DshDiagnostics

/// One option.
struct CSVOption: Sendable {
  let name: String
  /// Takes over a value; throws `bad-option`.
  let set: @Sendable (inout CSVOptions, FormatOption) throws(Diagnostic) -> Void

  static let all: [CSVOption] = [
    CSVOption("header") { $0.header = $1.isOn },
    CSVOption("names") { $0.names = $1.items },
    CSVOption("delim") { options, typed throws(Diagnostic) in options.delimiter = try delimiter(typed) },
    CSVOption("quote") { options, typed throws(Diagnostic) in options.quote = .some(try byte(typed)) },
    CSVOption("escape") { options, typed throws(Diagnostic) in options.escape = .some(try byte(typed)) },
    CSVOption("comment") { options, typed throws(Diagnostic) in options.comment = try byte(typed) },
    CSVOption("decimal") { options, typed throws(Diagnostic) in options.decimal = try byte(typed) ?? UInt8(ascii: ".") },
    CSVOption("thousands") { options, typed throws(Diagnostic) in options.thousands = try byte(typed) },
    CSVOption("null") { $0.nullTexts = $1.items },
    CSVOption("skip") { $0.skip = $1.number },
    CSVOption("ragged") { $0.ragged = RaggedPolicy(name: $1.text) },
  ]

  private init(_ name: String, set: @escaping @Sendable (inout CSVOptions, FormatOption) throws(Diagnostic) -> Void) {
    self.name = name
    self.set = set
  }

  static func named(_ name: String) -> CSVOption? { all.first { $0.name == name } }

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
