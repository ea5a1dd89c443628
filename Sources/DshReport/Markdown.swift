// Markdown as HTML: headings, paragraphs, lists, quotes, tables, code, emphasis, links and rules (the part of CommonMark that prose needs).

import DshRender

/// Prose as a fragment of HTML. Markup in it is text: a report holds nothing that was not written as Markdown.
struct Markdown {
  private var lines: ArraySlice<Substring>
  private(set) var html = ""
  /// The text of the first heading, for the title of the page.
  private(set) var title: String?

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.first { addBlock(line) }
  }

  private mutating func addBlock(_ line: Substring) {
    if line.allSatisfy(\.isWhitespace) {
      lines.removeFirst()
    } else if line.hasPrefix("```") {
      addCode()
    } else if let level = Self.headingLevel(line) {
      lines.removeFirst()
      let text = String(line.dropFirst(level)).trimmed
      title = title ?? text
      html += "<h\(level)>\(Self.inline(text))</h\(level)>\n"
    } else if line.count >= 3, line.allSatisfy({ $0 == "-" }) {
      lines.removeFirst()
      html += "<hr/>\n"
    } else if Self.item(line) != nil {
      addList()
    } else if line.hasPrefix(">") {
      let quoted = take { $0.hasPrefix(">") }.map { String($0.dropFirst()).trimmed }
      html += "<blockquote>\(Markdown(quoted.joined(separator: "\n")).html)</blockquote>\n"
    } else if line.hasPrefix("|"), lines.dropFirst().first.map(Self.isTableRule) == true {
      addTable()
    } else {
      let paragraph = take {
        !$0.allSatisfy(\.isWhitespace) && Self.headingLevel($0) == nil && Self.item($0) == nil && !$0.hasPrefix("```") && !$0.hasPrefix(">")
      }
      html += "<p>\(Self.inline(paragraph.map { String($0).trimmed }.joined(separator: "\n")))</p>\n"
    }
  }

  /// Takes the lines from here on that belong together; the first does in any case.
  private mutating func take(while belongs: (Substring) -> Bool) -> [Substring] {
    var taken = [lines.removeFirst()]
    while let line = lines.first, belongs(line) { taken.append(lines.removeFirst()) }
    return taken
  }

  private mutating func addCode() {
    let code = take { !$0.hasPrefix("```") }.dropFirst()
    if !lines.isEmpty { lines.removeFirst() }
    html += "<pre><code>\(HTMLText.escaped(code.joined(separator: "\n")))</code></pre>\n"
  }

  private static func headingLevel(_ line: Substring) -> Int? {
    let level = line.prefix { $0 == "#" }.count
    return 1...6 ~= level && line.dropFirst(level).first == " " ? level : nil
  }

  /// What stands behind the mark of a list's item, and whether the list is numbered.
  private static func item(_ line: Substring) -> (text: String, isNumbered: Bool)? {
    if line.hasPrefix("- ") || line.hasPrefix("* ") { return (String(line.dropFirst(2)), false) }
    let digits = line.prefix(while: \.isWholeNumber)
    guard !digits.isEmpty, digits.count < 4, line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
    return (String(line.dropFirst(digits.count + 2)), true)
  }

  private mutating func addList() {
    let isNumbered = lines.first.flatMap { Self.item($0)?.isNumbered } ?? false
    var items: [String] = []
    while let line = lines.first {
      if let item = Self.item(line), item.isNumbered == isNumbered {
        items.append(item.text)
      } else if line.hasPrefix("  "), !line.allSatisfy(\.isWhitespace), let last = items.popLast() {
        items.append(last + "\n" + String(line).trimmed)
      } else {
        break
      }
      lines.removeFirst()
    }
    let tag = isNumbered ? "ol" : "ul"
    html += "<\(tag)>\(items.map { "<li>\(Self.inline($0))</li>" }.joined())</\(tag)>\n"
  }

  private static func isTableRule(_ line: Substring) -> Bool {
    line.hasPrefix("|") && line.contains("-") && line.allSatisfy { "|-: ".contains($0) }
  }

  private mutating func addTable() {
    let rows = take { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast(line.hasSuffix("|") ? 1 : 0).map {
        String($0).trimmed
      }
    }
    func row(_ cells: [String], _ tag: String) -> String { "<tr>\(cells.map { "<\(tag)>\(Self.inline($0))</\(tag)>" }.joined())</tr>" }
    html += "<table><thead>\(row(rows[0], "th"))</thead><tbody>\(rows.dropFirst(2).map { row($0, "td") }.joined())</tbody></table>\n"
  }

  // MARK: Within a line

  /// Code first, as nothing counts inside of it; then links, then emphasis.
  static func inline(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    // An odd mark at the end stands for itself.
    let pairs = parts.count % 2 == 1 ? parts.count : parts.count - 1
    var html = ""
    for (index, part) in parts.enumerated() {
      if index >= pairs {
        html += "`" + emphasized(String(part))
      } else {
        html += index % 2 == 1 ? "<code>\(HTMLText.escaped(String(part)))</code>" : emphasized(String(part))
      }
    }
    return html
  }

  private static func emphasized(_ text: String) -> String {
    var rest = text[...]
    var html = ""
    while let open = rest.firstIndex(of: "["), let middle = rest[open...].firstRange(of: "]("),
      let close = rest[middle.upperBound...].firstIndex(of: ")")
    {
      let address = String(rest[middle.upperBound..<close])
      html += strong(String(rest[..<open]))
      let label = strong(String(rest[rest.index(after: open)..<middle.lowerBound]))
      // Only addresses that lead somewhere to read: nothing that would run.
      let isPlain = !address.contains(":") || ["https://", "http://", "mailto:"].contains { address.hasPrefix($0) }
      html += isPlain ? "<a href=\"\(HTMLText.escaped(address))\">\(label)</a>" : label
      rest = rest[rest.index(after: close)...]
    }
    return html + strong(String(rest))
  }

  private static func strong(_ text: String) -> String {
    marked(HTMLText.escaped(text), by: "**", as: "strong") { marked($0, by: "*", as: "em") { $0 } }
  }

  /// What stands between two marks as an element; an odd mark stands for itself.
  private static func marked(_ html: String, by mark: String, as tag: String, inside: (String) -> String) -> String {
    let parts = html.components(around: mark)
    let last = parts.count % 2 == 0 ? parts.count - 1 : parts.count
    return parts.enumerated().map { index, part in
      if index == last { return mark + inside(part) }
      return index % 2 == 1 ? "<\(tag)>\(inside(part))</\(tag)>" : inside(part)
    }.joined()
  }
}

extension String {
  fileprivate var trimmed: String {
    let start = drop { $0 == " " || $0 == "\t" }
    return String(start.prefix(start.reversed().drop { $0 == " " || $0 == "\t" }.count))
  }

  /// The parts between the places of a mark.
  fileprivate func components(around mark: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let found = rest.firstRange(of: mark) {
      parts.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return parts + [String(rest)]
  }
}
