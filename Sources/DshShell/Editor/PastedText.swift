// Cleans a pasted text so that it can be edited and run as a whole.

/// The text with line ends made `\n`, control characters dropped and the prompts of a copied transcript stripped.
///
/// If any line begins with `dsh> `, only those lines and their continuations are taken: the rest is output.
func cleanedPaste(_ text: String) -> String {
  var cleaned = String.UnicodeScalarView()
  var previous: Unicode.Scalar = " "
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\r": cleaned.append("\n")
    case "\n": if previous != "\r" { cleaned.append("\n") }
    case "\t": cleaned.append("\t")
    default: if scalar.value >= 0x20, !(0x7F..<0xA0).contains(scalar.value) { cleaned.append(scalar) }
    }
    previous = scalar
  }
  let lines = String(cleaned).split(separator: "\n", omittingEmptySubsequences: false)
  guard lines.contains(where: { $0.hasPrefix(primaryPrompt) }) else { return String(cleaned) }
  var statements: [Substring] = []
  var continues = false
  for line in lines {
    if line.hasPrefix(primaryPrompt) {
      statements.append(line.dropFirst(primaryPrompt.count))
      continues = true
    } else if continues, let rest = withoutContinuationPrompt(line) {
      statements.append(rest)
    } else {
      continues = false
    }
  }
  return statements.joined(separator: "\n")
}

/// What the shell shows before a statement.
public let primaryPrompt = "dsh> "

/// What the shell shows before a line that continues a statement, telling what is open: `(..> `.
public func continuationPrompt(open symbol: Character?) -> String { "\(symbol ?? ".")..> " }

/// The text behind a continuation prompt, or nil if the line has none.
public func withoutContinuationPrompt(_ line: Substring) -> Substring? {
  let rest = line.dropFirst()
  if rest.hasPrefix("..> ") { return rest.dropFirst(4) }
  return rest == "..>" ? "" : nil
}
