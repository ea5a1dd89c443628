// Numbers with bars behind them.

import DshColumns
import DshDiagnostics
import Testing

@testable import DshRender

@Suite struct BarRendererTests {
  private func bars(_ labels: [String?], _ numbers: [Double?], moreFollow: Bool = false) -> Bars {
    let names = ColumnBuilder(type: .string)
    for label in labels { names.append(label.map { .string($0) } ?? .null) }
    let values = ColumnBuilder(type: .float64)
    for number in numbers { values.append(number.map { .float64($0) } ?? .null) }
    let schema = Schema([Field("city", .string), Field("n", .float64)])
    return Bars(rows: Batch(schema: schema, columns: [names.finish(), values.finish()], rowCount: labels.count), moreFollow: moreFollow)
  }

  private func lines(_ bars: Bars, width: Int?, drawing: Drawing = .unicode) -> [String] {
    BarRenderer(bars, settings: RenderSettings(width: width, drawing: drawing)).lines()
  }

  @Test func barsShareTheLargest() {
    #expect(
      lines(bars(["Oslo", "Kyōto", nil], [8, 1, 2.5]), width: 20) == [
        "city     n", "Oslo   8.0  ████████", "Kyōto  1.0  █", "null   2.5  ██▌",
      ])
  }

  @Test func ascii() {
    #expect(lines(bars(["a", "b"], [8, 1]), width: 10, drawing: .ascii) == ["city    n", "a     8.0  ########", "b     1.0  #"])
  }

  @Test func numbersBelowZeroStandToTheLeft() {
    #expect(
      lines(bars(["a", "b", "c"], [4, -2, 0]), width: 24) == ["city     n", "a      4.0      ████████", "b     -2.0  ████", "c      0.0"])
    #expect(lines(bars(["a"], [-2]), width: 10) == ["city     n", "a     -2.0  ████████"])
  }

  /// What is no number has no bar and does not spoil those of others.
  @Test func noNumber() {
    #expect(
      lines(bars(["a", "b", "c"], [nil, .infinity, 1]), width: 10).map { $0.contains("█") } == [false, false, false, true])
    #expect(lines(bars([], []), width: 10) == ["city  n"])
    #expect(lines(bars(["a"], [.nan]), width: 10) == ["city    n", "a     nan"])
  }

  @Test func extremesOfFloats() {
    let drawn = lines(bars(["a", "b"], [.greatestFiniteMagnitude, -.greatestFiniteMagnitude]), width: 10)
    #expect(drawn[1].hasSuffix("████") && drawn[2].hasSuffix("████"))
  }

  @Test func moreRowsAreSaid() {
    #expect(lines(bars(["a"], [1], moreFollow: true), width: 10).last == "… more follow")
  }

  @Test func controlCharactersAndLongTextsAreTamed() {
    let drawn = lines(bars(["a\nb", String(repeating: "x", count: 100)], [1, 1]), width: 80)
    #expect(drawn[1].hasPrefix("a\\nb"))
    #expect(drawn[2].hasPrefix(String(repeating: "x", count: 39) + "…  1.0"))
  }
}
