// Bars.
import Testing

@testable import DshRender

@Suite struct DrawingTests {
  @Test func bars() {
    #expect(Drawing.unicode.bar(0, cells: 8) == "" && Drawing.unicode.bar(0.0001, cells: 8) == "▏")
    #expect(Drawing.unicode.bar(0.5, cells: 8) == "████" && Drawing.unicode.bar(2, cells: 8) == "████████")
    #expect(Drawing.ascii.bar(0.5, cells: 8) == "####" && Drawing.ascii.bar(0.0001, cells: 8) == "#")
  }
}
