// Bins of one width with borders that are easy to read.

import Testing

@testable import DshSession

@Suite struct HistogramBinsTests {
  private func borders(_ least: Double, _ greatest: Double, _ wanted: Int, isWhole: Bool = false) -> [Double] {
    let bins = HistogramBins(from: least, to: greatest, about: wanted, isWhole: isWhole)
    return (0...bins.count).map(bins.border)
  }

  @Test func widthsAreOneTwoOrFive() {
    #expect(borders(0, 9.95, 5) == [0, 2, 4, 6, 8, 10])
    #expect(borders(0.31, 0.68, 4) == [0.3, 0.4, 0.5, 0.6, 0.7])
    #expect(borders(-3, 3, 3) == [-4, -2, 0, 2, 4])
    #expect(borders(0, 99, 20, isWhole: true).count == 21)
  }

  /// Tenths are the decimal numbers, and not sums of them.
  @Test func bordersAreDecimal() {
    #expect(borders(0.3, 0.3, 1).first == 0.3)
    #expect(borders(0, 0.95, 10) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
  }

  @Test func wholeNumbersGetNoNarrowerBins() {
    #expect(borders(3, 6, 20, isWhole: true) == [3, 4, 5, 6, 7])
    #expect(borders(3, 3, 20, isWhole: true) == [3, 4])
  }

  @Test func oneValue() {
    #expect(borders(0, 0, 20) == [0, 1])
    let bins = HistogramBins(from: 2.5, to: 2.5, about: 20, isWhole: false)
    #expect(bins.count == 1)
    #expect(bins.border(0) <= 2.5 && 2.5 < bins.border(1))
  }

  /// Every number lies in one of the bins, whatever the range.
  @Test(arguments: [
    (0.0, Double.greatestFiniteMagnitude), (-Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude), (1e-300, 2e-300),
    (-Double.leastNonzeroMagnitude, Double.leastNonzeroMagnitude), (1e15, 1e15 + 1), (-0.1, 0.2), (123_456_789.0, 123_456_790),
    (1e300, 1.0000001e300),
  ])
  func noRangeIsTooOdd(least: Double, greatest: Double) {
    for wanted in [1, 7, 20, 1000] {
      let bins = HistogramBins(from: least, to: greatest, about: wanted, isWhole: false)
      #expect(bins.width > 0 && bins.width.isFinite)
      #expect(1...(wanted * 3 + 2) ~= bins.count, "\(bins)")
      #expect(bins.border(0) <= least && greatest < bins.border(bins.count), "\(bins)")
    }
  }
}
