// Breaks long lines of prose at blanks, so that a terminal does not break them inside words.

import DshDiagnostics

/// The line in pieces of at most so many cells, broken at blanks where there are any.
///
/// Blanks inside a piece stay as they are, those at a break go; pieces behind the first begin with `indent` blanks.
public func wrappedLines(_ line: String, width: Int, indent: Int = 0) -> [String] {
  guard width > indent + 1, displayWidth(line) > width else { return [line] }
  var lines: [String] = []
  var current = ""
  var used = 0
  var gap = ""
  func breakLine() {
    lines.append(current)
    current = String(repeating: " ", count: indent)
    used = indent
    gap = ""
  }
  for piece in blanksAndWords(line) {
    if piece.first == " " {
      gap = String(piece)
      continue
    }
    let isStart = current.isEmpty || used == indent && !lines.isEmpty
    if !isStart, used + gap.count + displayWidth(String(piece)) > width { breakLine() }
    // An indent as wide as the line would leave no room for words.
    if isStart, used + gap.count >= width { gap = "" }
    current += gap
    used += gap.count
    gap = ""
    for character in piece {
      // A word longer than a line is broken where the line ends.
      let cells = displayWidth(character)
      if used + cells > width { breakLine() }
      current.append(character)
      used += cells
    }
  }
  return lines + [current]
}

/// A line with a name, at least two blanks and a description: pieces of the description stay under where it begins, or, where that
/// leaves too little room, on lines of their own below the name. Other lines are broken as prose.
func wrappedEntry(_ line: String, width: Int) -> [String] {
  let name = line.drop { $0 == " " }
  guard displayWidth(line) > width, let gap = name.firstRange(of: "  "),
    let start = name[gap.lowerBound...].firstIndex(where: { $0 != " " })
  else { return wrappedLines(line, width: width, indent: line.prefix { $0 == " " }.count) }
  let indent = displayWidth(String(line[..<start]))
  if indent * 2 <= width { return wrappedLines(line, width: width, indent: indent) }
  let margin = String(repeating: " ", count: 4)
  return wrappedLines(String(line[..<gap.lowerBound]), width: width, indent: 4)
    + wrappedLines(margin + line[start...], width: width, indent: 4)
}

/// The line cut into runs of blanks and runs of other characters.
private func blanksAndWords(_ line: String) -> [Substring] {
  var pieces: [Substring] = []
  var rest = line[...]
  while let first = rest.first {
    let piece = rest.prefix { ($0 == " ") == (first == " ") }
    pieces.append(piece)
    rest = rest[piece.endIndex...]
  }
  return pieces
}
