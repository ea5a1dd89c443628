// Makes the statement that errors suggest out of the one that they are about.

/// The text with each mistake replaced by what its error suggests, as a bare name and as a quoted one; none if one of the errors suggests
/// nothing of the kind. Whether a result is any good is for the caller to find out.
public func mendedTexts(of text: String, by diagnostics: [Diagnostic]) -> [String] {
  var places: [(span: SourceSpan, replacement: String)] = []
  for diagnostic in diagnostics {
    guard let span = diagnostic.span, let fix = diagnostic.fix else { return [] }
    places.append((span, fix.replacement))
  }
  places.sort { $0.span.start > $1.span.start }
  guard !places.isEmpty, zip(places, places.dropFirst()).allSatisfy({ $0.span.start >= $1.span.end }) else { return [] }
  return ["", "`"].compactMap { quote in
    var bytes = Array(text.utf8)
    for place in places {
      guard place.span.start >= 0, place.span.start <= place.span.end, place.span.end <= bytes.count else { return nil }
      let quote = place.replacement.contains("`") ? "" : quote
      bytes.replaceSubrange(place.span.start..<place.span.end, with: Array((quote + place.replacement + quote).utf8))
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
