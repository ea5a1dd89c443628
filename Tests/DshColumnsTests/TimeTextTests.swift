// Times of day, lengths of time and timestamps of all units as text.

import Testing

@testable import DshColumns

@Suite struct TimeTextTests {
  private func duration(_ text: String, _ unit: TimeResolution) -> Int64? {
    Array(text.utf8).withUnsafeBytes { TimeText.parseDuration($0, unit) }
  }
  private func time(_ text: String, _ unit: TimeResolution) -> Int64? { Array(text.utf8).withUnsafeBytes { TimeText.parseTime($0, unit) } }
  private func instant(_ text: String, _ unit: TimeResolution) -> Int64? {
    Array(text.utf8).withUnsafeBytes { Calendar.parseInstant($0, unit) }
  }

  @Test func textsAreReadBack() {
    var state: UInt64 = 3
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      for unit in TimeResolution.allCases {
        let count = Int64(bitPattern: state) >> Int64(state & 31)
        #expect(CellText.string(.duration(count, unit)).flatMap { duration($0, unit) } == count)
        let ofDay = Int64(state >> 1) % (86_400 * unit.perSecond)
        #expect(CellText.string(.time(ofDay, unit)).flatMap { time($0, unit) } == ofDay)
        // Within what 64 bits of nanoseconds reach.
        let point = count % (unit.perSecond * 9_000_000_000)
        #expect(CellText.string(.instant(point, unit, zone: nil)).flatMap { instant($0, unit) } == point)
        #expect(CellText.string(.instant(point, unit, zone: "UTC")).flatMap { instant($0, unit) } == point)
      }
    }
  }

  @Test func textsAsTheyAreWritten() {
    #expect(CellText.string(.duration(-90_061_500, .milliseconds)) == "-25:01:01.500")
    #expect(CellText.string(.time(0, .nanoseconds)) == "00:00:00")
    #expect(CellText.string(.instant(-1, .nanoseconds, zone: "Europe/Berlin")) == "1969-12-31 23:59:59.999999999Z")
    #expect(time("24:00:00", .seconds) == nil)
    #expect(time("10:00", .milliseconds) == 36_000_000)
    #expect(time("10:00:00.1234", .milliseconds) == nil)
    #expect(time("10:00:00.1230", .milliseconds) == 36_000_123)
    #expect(time("10:60", .seconds) == nil)
    #expect(duration("10", .seconds) == nil)
    #expect(duration("9999999999999999:00:00", .nanoseconds) == nil)
    #expect(instant("2024-01-01 00:00:00.123456789", .microseconds) == nil)
    #expect(instant("2024-01-01T00:00:00.123456789Z", .nanoseconds) == 1_704_067_200_123_456_789)
    #expect(instant("9999-01-01", .nanoseconds) == nil)
  }

  @Test func unitsAreTurnedIntoOneAnother() {
    #expect(TimeResolution.seconds.convert(3, to: .nanoseconds) == 3_000_000_000)
    #expect(TimeResolution.nanoseconds.convert(-1, to: .microseconds) == -1)
    #expect(TimeResolution.seconds.convert(.max, to: .milliseconds) == nil)
  }
}
