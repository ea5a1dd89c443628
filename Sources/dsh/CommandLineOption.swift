// The options of the command line as a list, read off the help text that the argument parser makes, for the manual page and completions.

import ArgumentParser

/// One option of `dsh`.
struct CommandLineOption: Hashable {
  /// `--format`, `-c`.
  var names: [String]
  /// What stands for its value, such as `n`; nil for a flag.
  var value: String?
  var summary: String

  /// The values it takes, where they are a few words: `table`, `csv`, …
  var choices: [String] {
    guard value != nil, let colon = summary.firstIndex(of: ":") else { return [] }
    let list = summary[summary.index(after: colon)...].prefix { $0 != "." }
    return list.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
  }

  static let all: [CommandLineOption] = {
    var options: [CommandLineOption] = []
    var isInside = false
    for line in Arguments.helpMessage(columns: 1000).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("OPTIONS:") { isInside = true }
      guard isInside, line.hasPrefix("  ") else { continue }
      let text = line.drop { $0 == " " }
      guard text.hasPrefix("-") else {
        // The summary of an option whose name is too long stands on the next line.
        if let last = options.indices.last { options[last].summary += text }
        continue
      }
      let cut = text.ranges(of: "  ").first?.lowerBound ?? text.endIndex
      let words = text[..<cut].split { $0 == " " || $0 == "," }.map(String.init)
      options.append(
        CommandLineOption(
          names: words.filter { $0.hasPrefix("-") }, value: words.first { $0.hasPrefix("<") }.map { String($0.dropFirst().dropLast()) },
          summary: String(text[cut...].drop { $0 == " " })))
    }
    return options
  }()
}
