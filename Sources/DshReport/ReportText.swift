// A report as Markdown: prose as it is, statements and drawings as code, tables as tables.

import DshColumns
import DshRender

/// The Markdown of a report.
public struct ReportText {
  private let report: Report

  public init(_ report: Report) { self.report = report }

  public var text: String {
    var parts: [String] = []
    for entry in report.entries {
      if !entry.prose.isEmpty { parts.append(entry.prose) }
      parts.append(Self.fenced(entry.statement, "dsh"))
      parts += entry.outputs.map { part($0, of: entry) } + entry.errors.map { Self.fenced($0, "") }
    }
    if !report.ending.isEmpty { parts.append(report.ending) }
    return parts.joined(separator: "\n\n") + "\n\n---\n\n" + report.imprint + "\n"
  }

  private func part(_ output: Output, of entry: ReportEntry) -> String {
    switch output {
    case .presented(let inner, let presentation) where presentation.format == nil || presentation.format == .table:
      return part(inner, of: entry)
    case .rows(let rows):
      let buffer = MutableBuffer(capacity: 1024)
      OutputFormat.file(name: "md").append(rows.rows, to: buffer)
      return String(decoding: buffer.freeze().bytes, as: UTF8.self).trimmingNewlines
    case .receipt(let receipt): return receipt.textLines(withTime: report.withTimes).map { "*\($0)*" }.joined(separator: "  \n")
    case .diagram(let diagram, _): return Self.fenced(MermaidDiagram.lines(diagram).joined(separator: "\n"), "mermaid")
    default: return Self.fenced(report.text(output, of: entry), "")
    }
  }

  /// A fence is longer than any within.
  private static func fenced(_ text: String, _ language: String) -> String {
    let lines: [Substring] = text.split(separator: "\n")
    let longest = lines.map { line in line.prefix { $0 == "`" }.count }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }
}

extension Report {
  /// How the shell prints an output.
  func text(_ output: Output, of entry: ReportEntry) -> String {
    if case .text(.bytes(let bytes)) = output { return String(decoding: bytes, as: UTF8.self) }
    let buffer = MutableBuffer(capacity: 1024)
    OutputText(settings: entry.settings, withTimes: withTimes).append(output, to: buffer)
    return String(decoding: buffer.freeze().bytes, as: UTF8.self).trimmingNewlines
  }
}

extension String {
  fileprivate var trimmingNewlines: String { String(prefix(reversed().drop { $0 == "\n" }.count)) }
}
