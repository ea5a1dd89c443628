// What help says of the language as a whole: of types, null, dates and the like, a file for each.

import DshLanguage

/// A topic of help that is no single verb, command, function or setting.
public struct Article: Sendable {
  /// A statement, and what it answers where that is one value; tests run all of them.
  public struct Example: Sendable {
    public let statement: String
    public let answer: String?

    init(_ statement: String, _ answer: String? = nil) {
      self.statement = statement
      self.answer = answer
    }
  }

  public let name: String
  /// Other words that people ask for it by.
  let synonyms: [String]
  /// One sentence without a final full stop.
  public let summary: String
  /// The lines below it, as they are shown.
  public let lines: [String]
  public let examples: [Example]
  let related: [String]

  init(_ name: String, synonyms: [String] = [], summary: String, lines: [String], examples: [Example], related: [String] = []) {
    self.name = name
    self.synonyms = synonyms
    self.summary = summary
    self.lines = lines
    self.examples = examples
    self.related = related
  }
}

/// Every article, in the order in which help lists them.
public enum ArticleRegistry {
  public static let all: [Article] = [.operators, .literals, .lambdas, .names, .types, .null, .dates, .currentDataset, .paths, .formats]
}
