// Civil dates and timestamps against independent arithmetic, at the ends of the range, and as text.
import DshColumns
import Testing

@Suite struct CalendarTests {
  private func date(_ text: String) -> Int32? { Array(text.utf8).withUnsafeBytes { Calendar.parseDate($0) } }
  private func timestamp(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBytes { Calendar.parseTimestamp($0) } }
  private func text(_ print: (MutableBuffer) -> Void) -> String {
    let output = MutableBuffer(capacity: 8)
    print(output)
    return String(decoding: UnsafeRawBufferPointer(start: output.start, count: output.byteCount), as: UTF8.self)
  }

  @Test func countsDayByDayThroughEightCenturies() {
    var (year, month, day) = (1600, 1, 1)
    var days = -135_140
    while year < 2400 {
      #expect(Calendar.days(year: year, month: month, day: day) == days)
      #expect(Calendar.civil(days: days) == (year, month, day))
      days += 1
      day += 1
      if day > Calendar.monthLength(year: year, month: month) { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
  }

  @Test func knowsMonthLengthsAndWeekdays() {
    #expect((1...12).map { Calendar.monthLength(year: 2023, month: $0) } == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    #expect([1900, 2000, 2024].map { Calendar.monthLength(year: $0, month: 2) } == [28, 29, 29])
    #expect(Calendar.weekday(days: 0) == 4)
    #expect(Calendar.weekday(days: -4) == 7)
    #expect(Calendar.dayOfYear(days: Calendar.days(year: 2024, month: 12, day: 31)) == 366)
  }

  @Test func parsesDates() {
    #expect(date("1970-01-01") == 0)
    #expect(date("2024-02-29") == 19_782)
    for wrong in ["", "2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01", "2024-01-01 ", "2024/01/01", "2024-01-32"] {
      #expect(date(wrong) == nil, "\(wrong)")
    }
  }

  @Test func parsesTimestamps() {
    #expect(timestamp("1970-01-01 00:00:01") == 1_000_000)
    #expect(timestamp("1970-01-01T00:00:00.25Z") == 250_000)
    #expect(timestamp("1970-01-02") == 86_400_000_000)
    #expect(timestamp("2006-04-07 17:08") == 1_144_429_680_000_000)
    #expect(timestamp("1969-12-31 23:59:59.999999") == -1)
    #expect(timestamp("1970-01-01 00:00:00.123456000+00:00") == 123_456)
    #expect(timestamp("1970-01-01 00:00+02:00") == -7_200_000_000)
    #expect(timestamp("1970-01-01 00:00:00.5 -0530") == 19_800_500_000)
    #expect(timestamp("1970-01-01 00:00 UTC") == 0)
    #expect(timestamp("1970-01-01T00:00:00+02") == -7_200_000_000)
    #expect(timestamp("1970-01-01T00:00:00-00:00:30") == 30_000_000)
    for wrong in [
      "1970-01-01 24:00", "1970-01-01 00:60", "1970-01-01 00:00:60", "1970-01-01 00:00:00.", "1970-01-01 00:00:00.1234567",
      "1970-01-01  00:00", "1970-01-01 00:00+2:00", "1970-01-01 00:00+24:00", "1970-01-01 00:00+02:60", "1970-01-01 00:00+02:0030",
      "1970-01-01 00:00  Z", "1970-01-01 00:00 CET", "1970-01-01+02:00", "1970-01-01T", "1970-01-01 00:00:00ZZ",
    ] {
      #expect(timestamp(wrong) == nil, "\(wrong)")
    }
  }

  @Test func printsAndReadsBackTheWholeRange() {
    var generator = SystemRandomNumberGenerator()
    var dates: [Int32] = [.min, .max, 0, -1, -719_528, -719_529, 2_932_896, 2_932_897]
    var timestamps: [Int64] = [.min, .min + 1, .max, 0, -1, 1]
    for _ in 0..<20_000 {
      dates.append(.random(in: .min ... .max, using: &generator))
      timestamps.append(.random(in: .min ... .max, using: &generator))
    }
    for days in dates { #expect(date(text { Calendar.append(date: Int(days), to: $0) }) == days) }
    for moment in timestamps {
      #expect(timestamp(text { Calendar.append(timestamp: moment, to: $0) }) == moment)
      #expect(Calendar.timestamp(Calendar.parts(timestamp: moment)) == moment)
    }
    #expect(text { Calendar.append(timestamp: 1_500_000, to: $0) } == "1970-01-01 00:00:01.500000")
    #expect(text { Calendar.append(date: 19_753, to: $0) } == "2024-01-31")
  }
}
