// Plots between their axes.

import DshColumns
import DshDiagnostics
import Testing

@testable import DshRender

@Suite struct PlotRendererTests {
  private func plot(_ kind: Plot.Kind, _ series: [(String, [(Double, Double)])], _ range: ClosedRange<Double> = 0...10) -> Plot {
    let axis = Plot.Axis(name: "x", range: range, ticks: [Plot.Tick(range.lowerBound, "low"), Plot.Tick(range.upperBound, "high")])
    return Plot(
      kind: kind, rows: .empty(Schema([])),
      series: series.map { Plot.Series(name: $0.0, points: $0.1.map { Plot.Point(x: $0.0, y: $0.1) }) }, x: axis, y: axis)
  }

  private func lines(_ plot: Plot, width: Int? = 20, drawing: Drawing = .ascii, usesColor: Bool = false) -> [String] {
    PlotRenderer(plot, settings: RenderSettings(width: width, usesColor: usesColor, drawing: drawing)).lines()
  }

  @Test func axesBeginAndEndAtTheirMarks() {
    let drawn = lines(plot(.scatter, [("", [(0, 0), (10, 10)])]))
    #expect(drawn.count == 19 && drawn.first == "x by x")
    #expect(drawn[1] == "high +             *")
    #expect(drawn[16] == " low +*")
    #expect(drawn[17] == "     ++------------+" && drawn[18] == "      low       high")
  }

  @Test func linesJoinWhatPointsLeaveApart() {
    let points = [("", [(0.0, 0.0), (10.0, 10.0)])]
    #expect(lines(plot(.scatter, points)).joined().filter { $0 == "*" }.count == 2)
    #expect(lines(plot(.line, points)).joined().filter { $0 == "*" }.count == 16)
    #expect(lines(plot(.line, [("", [(5, 5)])])).joined().filter { $0 == "*" }.count == 1)
  }

  @Test func seriesHaveMarksOrColours() {
    let two = plot(.scatter, [("a", [(0, 0)]), ("b", [(10, 10)])])
    #expect(lines(two, width: 40)[0] == "x by x  * a  + b")
    #expect(lines(two, width: 40, drawing: .unicode)[0] == "x by x  * a  + b")
    let colored = lines(two, width: 40, drawing: .unicode, usesColor: true)
    #expect(colored[0].contains("\u{1B}[34m⠒") && colored.joined().contains("⠈") && !colored.joined().contains("*"))
  }

  /// No line but one of names is wider than the terminal, and no range traps.
  @Test(arguments: [10, 20, 40, 80, 200, nil])
  func everyWidth(width: Int?) {
    let greatest = Double.greatestFiniteMagnitude
    let far = plot(.line, [("", [(-greatest, greatest), (0, 0), (greatest, -greatest)])], -greatest...greatest)
    for line in lines(far, width: width, drawing: .unicode).dropFirst() { #expect(displayWidth(line) <= max(16, width ?? 80)) }
  }

  @Test func noPoints() {
    #expect(lines(Plot(kind: .line, rows: .empty(Schema([])), series: [], x: nil, y: nil)) == ["no points"])
  }
}
