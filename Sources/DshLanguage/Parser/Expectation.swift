// Notes what may stand where the text ends, for completion.

/// What the parser noted at the end of the text.
struct Expectation {
  var kind: CompletionPosition.Kind
  var start: Int
  var pipeline: PipelineSyntax?
  var bindings: [BindingSyntax]
  var comparedColumn: String?
}

extension Parser {
  /// Notes what may stand at the current token, if the text ends with it or before it.
  mutating func expect(_ kind: CompletionPosition.Kind) {
    switch token.kind {
    case .endOfText:
      // Right behind a word that word is still being typed.
      if previousEnd == bytes.count, let last = bytes.last, last.continuesName || last == UInt8(ascii: "`") { return }
      expect(kind, from: bytes.count)
    case .name, .unterminatedName:
      if token.end == bytes.count { expect(kind, from: token.start) }
    default: break
    }
  }

  /// Notes what may stand from that byte to the end of the text.
  ///
  /// The word that reaches the end of the text is the one being typed: what is noted behind it, or a second time of it
  /// after a mistake was mended, counts for nothing.
  mutating func expect(_ kind: CompletionPosition.Kind, from start: Int) {
    if expectation != nil { return }
    expectation = Expectation(kind: kind, start: start, pipeline: pipelines.last, bindings: bindings, comparedColumn: comparedColumn)
  }
}
