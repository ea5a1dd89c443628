// Texts without which a regular expression matches nothing, found without running it.

/// One text for each alternative of a pattern: a match holds at least one of them.
///
/// Only what is plain is understood: runs of characters outside of groups and classes. A pattern with anything that could change what a character
/// stands for has none.
enum RequiredTexts {
  /// A shorter text is in most rows anyway.
  private static let smallestByteCount = 2
  /// Looking for more of them costs about as much as matching.
  private static let largestCount = 4

  /// The longest text of each alternative; nil if one of them has none.
  static func of(_ pattern: String) -> [String]? {
    var reader = Reader(Array(pattern.unicodeScalars))
    var texts: [String] = []
    repeat {
      guard let text = reader.alternative(), text.utf8.count >= smallestByteCount, texts.count < largestCount else { return nil }
      texts.append(text)
    } while reader.takeBar()
    return reader.isAtEnd ? texts : nil
  }

  private struct Reader {
    private let scalars: [Unicode.Scalar]
    private var place = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    var isAtEnd: Bool { place == scalars.count }

    mutating func takeBar() -> Bool {
      guard place < scalars.count, scalars[place] == "|" else { return false }
      place += 1
      return true
    }

    /// Reads up to a bar outside of groups, or the end; nil if something is not understood.
    mutating func alternative() -> String? {
      var best = String.UnicodeScalarView()
      var run = String.UnicodeScalarView()
      func end() {
        if String(run).utf8.count > String(best).utf8.count { best = run }
        run = String.UnicodeScalarView()
      }
      while place < scalars.count, scalars[place] != "|" {
        let scalar = scalars[place]
        place += 1
        switch scalar {
        case "*", "?", "{":
          // What stands before may be missing.
          if !run.isEmpty { run.removeLast() }
          end()
          if scalar == "{" { skip(past: "}") }
        case "+", "^", "$", ".": end()
        case "\\":
          end()
          // The classes of characters and the borders of words; other letters and digits may say anything of what follows.
          guard place < scalars.count else { return nil }
          let escaped = scalars[place]
          if escaped.properties.isAlphabetic || escaped.properties.numericType != nil, !"dDwWsSbB".unicodeScalars.contains(escaped) {
            return nil
          }
          place += 1
        case "[":
          end()
          guard skipClass() else { return nil }
        case "(":
          end()
          guard skipGroup() else { return nil }
        case ")": return nil
        default: run.append(scalar)
        }
      }
      end()
      return String(best)
    }

    private mutating func skip(past end: Unicode.Scalar) {
      guard let found = scalars[place...].firstIndex(of: end) else { return }
      place = found + 1
    }

    /// Behind an opening bracket: past the one that closes the class. A class in a class is not understood.
    private mutating func skipClass() -> Bool {
      if place < scalars.count, scalars[place] == "^" { place += 1 }
      // A bracket that comes first is one of the class.
      if place < scalars.count, scalars[place] == "]" { place += 1 }
      while place < scalars.count, scalars[place] != "]" {
        if scalars[place] == "[" { return false }
        if scalars[place] == "\\" {
          // \Q begins a quotation, in which a bracket closes nothing.
          guard place + 1 < scalars.count, scalars[place + 1] != "Q" else { return false }
          place += 1
        }
        place += 1
      }
      place += 1
      return place <= scalars.count
    }

    /// Behind an opening parenthesis: past the one that closes the group. A group that is more than one is not understood.
    private mutating func skipGroup() -> Bool {
      if place < scalars.count, scalars[place] == "?" || scalars[place] == "*" { return false }
      while place < scalars.count {
        let scalar = scalars[place]
        place += 1
        switch scalar {
        case ")": return true
        case "(": guard skipGroup() else { return false }
        case "[": guard skipClass() else { return false }
        case "\\":
          guard place < scalars.count, scalars[place] != "Q" else { return false }
          place += 1
        default: break
        }
      }
      return false
    }
  }
}
