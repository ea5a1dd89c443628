// Shared by the tests of the language: marked texts, syntax compared without places, a seeded generator.
import DshDiagnostics

@testable import DshLanguage

/// A text with `«…»` around the places that errors are expected at.
struct MarkedText {
  var text = ""
  var spans: [SourceSpan] = []

  init(_ marked: String) {
    var starts: [Int] = []
    for character in marked {
      switch character {
      case "«": starts.append(text.utf8.count)
      case "»": spans.append(SourceSpan(start: starts.removeLast(), end: text.utf8.count))
      default: text.append(character)
      }
    }
    spans.sort { ($0.start, $0.end) < ($1.start, $1.end) }
  }
}

func parsed(_ text: String) -> ParseResult {
  parse(SourceText(name: "test", text: text))
}

/// The syntax as text without places, raw rests and error marks.
func shape(_ value: Any) -> String {
  if value is SourceSpan { return "" }
  let mirror = Mirror(reflecting: value)
  if mirror.children.isEmpty { return "\(value)" }
  let unseen = ["span", "rest", "isQuoted", "hasErrors", "isContinued"]
  let parts = mirror.children.filter { !unseen.contains($0.label ?? "") }
  return "\(mirror.subjectType)(" + parts.map { ($0.label ?? "") + ":" + shape($0.value) }.joined(separator: ",") + ")"
    + (mirror.displayStyle == .enum ? "\(value)".prefix { $0 != "(" } : "")
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, and the same on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
