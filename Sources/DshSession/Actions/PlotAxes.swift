// The axes of a plot: what range they show, and what stands beside them.

import DshColumns
import DshPlan
import DshRender

extension Plot.Axis {
  /// About so many marks stand at an axis.
  private static let usualTicks = 5
  private static let microsecondsPerDay = Double(Calendar.microsecondsPerDay)

  /// The axis of numbers that go up: it begins and ends at marks.
  static func vertical(_ name: String, _ range: ClosedRange<Double>) -> Plot.Axis {
    let range = widened(range, by: max(abs(range.lowerBound) / 2, range.lowerBound == 0 ? 1 : 0))
    let bins = HistogramBins(from: range.lowerBound, to: range.upperBound, about: usualTicks, isWhole: false)
    // The last bin begins at the greatest number if that is a border.
    let count = bins.count > 1 && bins.border(bins.count - 1) >= range.upperBound ? bins.count - 1 : bins.count
    let borders = (0...count).map(bins.border).filter(\.isFinite)
    guard let first = borders.first, let last = borders.last, first < last else {
      return Plot.Axis(name: name, range: range, ticks: ends(of: range).map { Plot.Tick($0, numberText($0)) })
    }
    return Plot.Axis(
      name: name, range: min(first, range.lowerBound)...max(last, range.upperBound), ticks: labelled(borders))
  }

  /// The axis of what points lie over: it shows just their range.
  static func horizontal(_ name: String, _ range: ClosedRange<Double>, _ line: NumberLine) -> Plot.Axis {
    switch line {
    case .number:
      let range = widened(range, by: max(abs(range.lowerBound) / 2, range.lowerBound == 0 ? 1 : 0))
      let bins = HistogramBins(from: range.lowerBound, to: range.upperBound, about: usualTicks, isWhole: false)
      let borders = (0...bins.count).map(bins.border).filter(range.contains)
      if borders.count > 1 { return Plot.Axis(name: name, range: range, ticks: labelled(borders)) }
      return Plot.Axis(name: name, range: range, ticks: ends(of: range).map { Plot.Tick($0, numberText($0)) })
    case .days, .microseconds:
      let scale = line == .days ? microsecondsPerDay : 1
      let range = widened(range, by: line == .days ? 1 : microsecondsPerDay / 24)
      let ticks = TimeTicks(
        from: microseconds(range.lowerBound * scale), to: microseconds(range.upperBound * scale), about: usualTicks, isDate: line == .days)
      return Plot.Axis(name: name, range: range, ticks: ticks.ticks.map { Plot.Tick(Double($0.time) / scale, $0.label) })
    }
  }

  private static func ends(of range: ClosedRange<Double>) -> [Double] { [range.lowerBound, range.upperBound] }

  /// A range with room on both sides if it is a single number.
  private static func widened(_ range: ClosedRange<Double>, by room: Double) -> ClosedRange<Double> {
    guard range.lowerBound == range.upperBound else { return range }
    let most = Double.greatestFiniteMagnitude
    return max(-most, range.lowerBound - room)...min(most, range.upperBound + room)
  }

  /// A time as far as there is one.
  private static func microseconds(_ number: Double) -> Int64 { Int64(exactly: number.rounded()) ?? (number < 0 ? .min : .max) }

  /// Numbers of one kind are written in one way.
  private static func labelled(_ numbers: [Double]) -> [Plot.Tick] {
    let wholes = numbers.compactMap { Int64(exactly: $0) }
    if wholes.count == numbers.count, wholes.allSatisfy({ $0.magnitude < 1_000_000_000_000_000 }) {
      return zip(numbers, wholes).map { Plot.Tick($0, String($1)) }
    }
    return numbers.map { Plot.Tick($0, numberText($0)) }
  }

  private static func numberText(_ number: Double) -> String { CellText.string(.float64(number)) ?? "" }
}
