// Cells of a terminal that characters take.
import DshDiagnostics
import Testing

@Suite struct DisplayWidthTests {
  @Test(
    arguments: [
      ("abc", 3), ("é", 1), ("e\u{301}", 1), ("数据", 4), ("👩‍🔬", 2), ("👍🏽", 2), ("🇳🇴", 2), ("❤️", 2), ("\u{200B}", 0), ("ｶ", 1), ("Ａ", 2),
      ("한국", 4), ("नि", 1),
    ] as [(String, Int)])
  func width(_ text: String, _ cells: Int) { #expect(displayWidth(text) == cells) }
}
