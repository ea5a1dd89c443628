// Marks along an axis of times.

import DshColumns
import Testing

@testable import DshSession

@Suite struct TimeTicksTests {
  private func labels(_ first: String, _ last: String, isDate: Bool = false) throws -> [String] {
    try TimeTicks(from: time(first), to: time(last), about: 5, isDate: isDate).ticks.map(\.label)
  }

  private func time(_ text: String) throws -> Int64 {
    try #require(Array(text.utf8).withUnsafeBytes { Calendar.parseTimestamp($0) })
  }

  @Test func labelsAreAsLongAsTheStepNeeds() throws {
    #expect(try labels("2012-01-01", "2015-12-31") == ["2012", "2013", "2014", "2015"])
    #expect(try labels("2024-01-15", "2024-12-20") == ["2024-04", "2024-07", "2024-10"])
    #expect(try labels("2024-02-27", "2024-03-05") == ["2024-02-27", "2024-02-29", "2024-03-02", "2024-03-04"])
    #expect(try labels("2024-02-28 12:30", "2024-02-29 13:00") == ["18:00", "02-29", "06:00", "12:00"])
    #expect(
      try labels("2024-02-28 12:30:58", "2024-02-28 12:31:08") == ["12:30:58", "12:31:00", "12:31:02", "12:31:04", "12:31:06", "12:31:08"])
  }

  @Test func datesHaveNoShorterStepThanADay() throws {
    #expect(try labels("2024-02-28", "2024-03-01", isDate: true) == ["2024-02-28", "2024-02-29", "2024-03-01"])
  }

  /// All marks lie within the range and ascend, wherever it lies.
  @Test(arguments: [(Int64.min, Int64.max), (.min, .min + 1), (.max - 1, .max), (-1, 1), (0, 1_000_000_007), (-86_400_000_000_000_000, 5)])
  func everyRange(least: Int64, greatest: Int64) {
    let ticks = TimeTicks(from: least, to: greatest, about: 5, isDate: false).ticks.map(\.time)
    #expect(ticks.count >= 2 && ticks.count < 20 && ticks == ticks.sorted())
    #expect(ticks.allSatisfy { $0 >= least && $0 <= greatest })
  }
}
