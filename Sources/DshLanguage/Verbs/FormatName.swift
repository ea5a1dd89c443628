// The names of the file formats, for the options that take one: a format is its folder and a line here and in its registry, which a test compares.

/// What a format can be used for, as far as the language has to know.
struct FormatName: Sendable {
  enum Use: Sendable { case read, write, print }

  let name: String
  let uses: Set<Use>

  private init(_ name: String, _ uses: Use...) {
    self.name = name
    self.uses = Set(uses)
  }

  /// In the order of help.
  static let all: [FormatName] = [
    FormatName("csv", .read, .write, .print),
    FormatName("tsv", .read, .write, .print),
    FormatName("json", .read, .write, .print),
    FormatName("jsonl", .read, .write, .print),
    FormatName("md", .write, .print),
    FormatName("line", .write, .print),
    FormatName("text", .read),
    FormatName("parquet", .read, .write),
    FormatName("arrow", .read, .write),
  ]

  static func names(to use: Use) -> [String] { all.filter { $0.uses.contains(use) }.map(\.name) }
}
