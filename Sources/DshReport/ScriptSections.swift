// A script as a report shows it: prose from its comments, and its statements, in their order.

import DshDiagnostics
import DshLanguage

/// A part of a report's source.
struct ScriptSections: Equatable {
  /// Before each statement the text of the comments above it; the last is what stands behind all statements. Markdown.
  var prose: [String]
  /// The statements as they were written.
  var statements: [String]

  /// Statements have no mistakes, as they are about to run.
  init(_ source: SourceText) {
    let bytes = Array(source.text.utf8)
    let spans = parse(source).script.statements.map(\.span)
    prose = []
    statements = []
    var end = 0
    for span in spans {
      prose.append(Self.prose(in: bytes[min(span.start, Self.lineEnd(end, in: bytes))..<span.start]))
      statements.append(String(decoding: bytes[span.start..<span.end], as: UTF8.self))
      end = span.end
    }
    prose.append(Self.prose(in: bytes[Self.lineEnd(end, in: bytes)...]))
  }

  /// What stands behind a statement in its line is a remark on it; prose begins with the next line.
  private static func lineEnd(_ end: Int, in bytes: [UInt8]) -> Int {
    end == 0 ? 0 : bytes[end...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
  }

  /// The comments between two statements: each line without its mark and the blank behind it.
  private static func prose(in bytes: ArraySlice<UInt8>) -> String {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      let text = line.drop { $0 == " " || $0 == "\t" || $0 == ";" }
      // What names the program that runs the script is nothing to read.
      guard text.hasPrefix("#"), !text.hasPrefix("#!") else { return "" }
      let said = text.dropFirst()
      return String(said.first == " " ? said.dropFirst() : said)
    }
    let first = lines.firstIndex { !$0.isEmpty } ?? lines.endIndex
    let last = lines.lastIndex { !$0.isEmpty } ?? lines.startIndex
    return first <= last && first < lines.endIndex ? lines[first...last].joined(separator: "\n") : ""
  }
}
