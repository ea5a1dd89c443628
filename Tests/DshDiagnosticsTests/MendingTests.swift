// Statements mended as their errors suggest.
import DshDiagnostics
import Testing

@Suite struct MendingTests {
  private func mistake(_ start: Int, _ end: Int, _ suggestion: Diagnostic.Suggestion?) -> Diagnostic {
    Diagnostic(.unknownColumn, "wrong", span: SourceSpan(start: start, end: end), suggestion: suggestion)
  }

  @Test func namesAreReplaced() {
    #expect(mendedTexts(of: "filter amuont > 1", by: [mistake(7, 13, didYouMean("amount"))]).first == "filter amount > 1")
    #expect(
      mendedTexts(of: "é | fliter amuont", by: [mistake(5, 11, didYouMean("filter")), mistake(12, 18, didYouMean("unit price"))])
        == ["é | filter unit price", "é | `filter` `unit price`"])
  }

  @Test func onlyWhereEveryErrorSuggestsAName() {
    #expect(mendedTexts(of: "abc", by: [mistake(0, 3, "use take")]).isEmpty)
    #expect(mendedTexts(of: "abc", by: [mistake(0, 3, nil)]).isEmpty)
    #expect(mendedTexts(of: "abc", by: [mistake(0, 1, didYouMean("x")), mistake(2, 3, nil)]).isEmpty)
    #expect(mendedTexts(of: "abc", by: [mistake(0, 2, didYouMean("x")), mistake(1, 3, didYouMean("y"))]).isEmpty)
    #expect(mendedTexts(of: "abc", by: [mistake(0, 9, didYouMean("x"))]).isEmpty)
    #expect(mendedTexts(of: "abc", by: []).isEmpty)
  }
}
