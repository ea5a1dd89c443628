// Axes of plots: ranges that hold all points and are no single number.

import DshPlan
import DshRender
import Testing

@testable import DshSession

@Suite struct PlotAxesTests {
  @Test func numbersStandAtWholeSteps() {
    let axis = Plot.Axis.vertical("y", -1.6...35.6)
    #expect(axis.range == -10...40 && axis.ticks.map(\.label) == ["-10", "0", "10", "20", "30", "40"])
    #expect(Plot.Axis.vertical("y", 0...1).ticks.map(\.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    let over = Plot.Axis.horizontal("x", 3...17, .number)
    #expect(over.range == 3...17 && over.ticks.map(\.label) == ["5", "10", "15"])
  }

  @Test(arguments: [0, 1, -3.5, 1e-300, 1e300, .greatestFiniteMagnitude, -.greatestFiniteMagnitude])
  func aSingleNumberGetsRoom(number: Double) {
    for axis in [Plot.Axis.vertical("y", number...number), .horizontal("x", number...number, .number)] {
      #expect(axis.range.contains(number) && axis.range.lowerBound < axis.range.upperBound)
      #expect(axis.range.lowerBound.isFinite && axis.range.upperBound.isFinite)
    }
  }

  @Test func allNumbersThereAre() {
    let most = Double.greatestFiniteMagnitude
    #expect(Plot.Axis.vertical("y", -most...most).range == -most...most)
  }
}
