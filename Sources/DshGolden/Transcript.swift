// The parts of a golden file: directives, prose, and statements with the output expected below them.

import DshDiagnostics

/// A parsed golden file.
///
///     #: nodes=3
///     Prose is ignored.
///     dsh> read data/s.csv
///     _1 = s.csv: 5 columns, 1 file, 41.2 KiB; nothing read yet
///
/// A statement's expected output goes on to the next prompt, empty line, code fence (```` ``` ````) or the end of the file. A
/// statement of several lines continues on lines that begin with up to two characters and `..> `, as the shell prints them.
public struct Transcript: Sendable, Hashable {
  /// One statement and what it should print.
  public struct Block: Sendable, Hashable {
    /// The statement without prompts.
    public var statement: String
    /// The line number, from 1, of the prompt.
    public var line: Int
    /// The lines below the statement as they stand in the file.
    public var expected: [String]
    /// The line number, from 1, of the first line below the statement.
    public var expectedLine: Int
  }

  public enum Part: Sendable, Hashable {
    /// Lines that are kept as they are: prose, directives, empty lines and prompts.
    case text([String])
    case block(Block, inputLines: [String])
  }

  public var directives: Directives
  public var parts: [Part]
  /// Whether the file ended in a line end.
  public var endsInNewline: Bool

  public var blocks: [Block] {
    parts.compactMap { if case .block(let block, _) = $0 { block } else { nil } }
  }

  static let prompt = "dsh> "

  public init(parsing source: SourceText) throws(Diagnostic) {
    var lines = source.text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(Substring($0)) }
    endsInNewline = lines.count > 1 && lines.last == ""
    if lines.last == "" { lines.removeLast() }
    var directives = Directives()
    var parts: [Part] = []
    var text: [String] = []
    var index = 0
    var offset = 0
    while index < lines.count {
      let line = lines[index]
      let span = SourceSpan(start: offset, end: offset + line.utf8.count)
      try Self.check(line, span: span, isGolden: source.name.hasSuffix(".golden"))
      guard Self.isPrompt(line) else {
        if line.utf8.starts(with: "#:".utf8) {
          if parts.contains(where: { if case .block = $0 { true } else { false } }) {
            throw Diagnostic(.lateDirective, "directives stand above the first statement", span: span)
          }
          try directives.add(line: line, span: span)
        }
        text.append(line)
        offset += line.utf8.count + 1
        index += 1
        continue
      }
      if !text.isEmpty { parts.append(.text(text)) }
      text = []
      let first = index
      var statement = [Self.withoutPrompt(line)]
      index += 1
      while index < lines.count, let continued = Self.continuation(lines[index]) {
        statement.append(continued)
        index += 1
      }
      let inputLines = Array(lines[first..<index])
      let expectedStart = index
      while index < lines.count, !Self.endsOutput(lines[index]) { index += 1 }
      let block = Block(
        statement: statement.joined(separator: "\n"), line: first + 1, expected: Array(lines[expectedStart..<index]),
        expectedLine: expectedStart + 1)
      parts.append(.block(block, inputLines: inputLines))
      offset += lines[first..<index].reduce(0) { $0 + $1.utf8.count + 1 }
    }
    if !text.isEmpty { parts.append(.text(text)) }
    self.directives = directives
    self.parts = parts
  }

  /// The file with the blocks' expected lines replaced, in order.
  public func text(expecting replacements: [[String]]) -> String {
    var lines: [String] = []
    var next = 0
    for part in parts {
      switch part {
      case .text(let text): lines += text
      case .block(let block, let inputLines):
        lines += inputLines + (next < replacements.count ? replacements[next] : block.expected)
        next += 1
      }
    }
    return lines.joined(separator: "\n") + (endsInNewline ? "\n" : "")
  }

  /// Refuses what looks like a statement and would not be run.
  private static func check(_ line: String, span: SourceSpan, isGolden: Bool) throws(Diagnostic) {
    if line.utf8.contains(UInt8(ascii: "\r")) {
      throw Diagnostic(.mixedLineEnds, "a carriage return within a line: lines end in LF or in CR LF", span: span)
    }
    // In a document, prompts that are indented are not run: a recorded session.
    let text = isGolden ? line.drop { $0.isWhitespace || $0 == "\u{FEFF}" } : line[...]
    if text.utf8.starts(with: GoldenSyntax.prompt), !isPrompt(line) {
      throw Diagnostic(.badPrompt, "a prompt begins its line, and a blank is behind it: dsh> STATEMENT", span: span)
    }
  }

  private static func isPrompt(_ line: String) -> Bool {
    line.utf8.starts(with: prompt.utf8) || line.utf8.elementsEqual(GoldenSyntax.prompt)
  }

  private static func withoutPrompt(_ line: String) -> String { String(decoding: line.utf8.dropFirst(prompt.utf8.count), as: UTF8.self) }

  private static func endsOutput(_ line: String) -> Bool {
    line.isEmpty || isPrompt(line) || line.utf8.starts(with: GoldenSyntax.fence)
  }

  /// The text behind a continuation prompt such as `(..> `, or nil if the line has none.
  static func continuation(_ line: String) -> String? {
    // A line that begins so is output.
    if line.utf8.first == GoldenSyntax.escape { return nil }
    for length in 0...2 where line.count >= length {
      let rest = line.dropFirst(length)
      if rest.hasPrefix("..> ") { return String(rest.dropFirst(4)) }
      if rest == "..>" { return "" }
    }
    return nil
  }
}
