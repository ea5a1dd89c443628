// Breaks long lines of prose at blanks, so that a terminal does not break them inside words.

import DshDiagnostics

/// The line in pieces of at most so many cells, broken at blanks where there are any; pieces behind the first are indented.
func wrappedLines(_ line: String, width: Int, indent: Int = 0) -> [String] {
  guard width > indent + 1, displayWidth(line) > width else { return [line] }
  var lines: [String] = []
  var current = ""
  var used = 0
  for word in line.split(separator: " ", omittingEmptySubsequences: false) {
    var rest = word[...]
    let needed = displayWidth(String(word))
    if used > 0, used + 1 + needed > width {
      lines.append(current)
      current = String(repeating: " ", count: indent)
      used = indent
    } else if used > 0 || !lines.isEmpty || !current.isEmpty {
      current += used > indent || lines.isEmpty ? " " : ""
      used = displayWidth(current)
    }
    while used + displayWidth(String(rest)) > width {
      // A word longer than a line is broken where the line ends.
      var taken = 0
      var end = rest.startIndex
      while end < rest.endIndex, used + taken + displayWidth(rest[end]) <= width {
        taken += displayWidth(rest[end])
        end = rest.index(after: end)
      }
      if end == rest.startIndex { break }
      lines.append(current + rest[..<end])
      rest = rest[end...]
      current = String(repeating: " ", count: indent)
      used = indent
    }
    current += rest
    used += displayWidth(String(rest))
  }
  lines.append(current)
  return lines
}
