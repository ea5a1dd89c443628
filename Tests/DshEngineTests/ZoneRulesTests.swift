// Files of time zones, whole and broken.

import DshColumns
import Testing

@testable import DshEngine

@Suite struct ZoneRulesTests {
  /// A file with one change, from an hour to two hours east at 1,000 seconds, and rules for later.
  private func file(footer: String = "CET-1CEST,M3.5.0,M10.5.0/3", times: [Int64] = [1000], kinds: [UInt8] = [1]) -> [UInt8] {
    func number(_ value: Int64, _ width: Int) -> [UInt8] {
      (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
    }
    func header(_ counts: [Int64]) -> [UInt8] {
      Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts.flatMap { number($0, 4) }
    }
    let types: [UInt8] = number(3600, 4) + [0, 0] + number(7200, 4) + [1, 4]
    return header([0, 0, 0, 0, 1, 1]) + number(3600, 4) + [0, 0, 0]
      + header([0, 0, 0, Int64(times.count), 2, 8]) + times.flatMap { number($0, 8) } + kinds + types + Array("CET\0CES\0".utf8)
      + Array("\n\(footer)\n".utf8)
  }

  @Test func readsChangesAndRules() throws {
    let rules = try #require(ZoneRules(file(times: [1000, 1_000_000], kinds: [1, 0])))
    #expect([rules.offset(at: 999), rules.offset(at: 1000), rules.offset(at: 999_999)] == [3600, 7200, 7200])
    // 2024-07-01 and 2024-12-01, by the rules.
    #expect([rules.offset(at: 1_719_792_000), rules.offset(at: 1_733_011_200)] == [7200, 3600])
  }

  @Test(arguments: [
    ("CET-1CEST,M3.5.0,M10.5.0/3", 1_711_846_799, 3600), ("CET-1CEST,M3.5.0,M10.5.0/3", 1_711_846_800, 7200),
    ("EST5EDT,M3.2.0,M11.1.0", 1_710_053_999, -18_000), ("EST5EDT,M3.2.0,M11.1.0", 1_710_054_000, -14_400),
    ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1_704_067_200, 39_600), ("IST-5:30", 0, 19_800), ("<-03>3", 0, -10_800),
    ("AAA0BBB,J60/0,J300", 1_709_251_199, 0), ("AAA0BBB,J60/0,J300", 1_709_251_200, 3600), ("AAA0BBB,59/0,J300", 1_709_164_800, 3600),
  ]) func followsYearlyRules(text: String, seconds: Int, offset: Int) throws {
    #expect(try #require(YearlyZone(Array(text.utf8))).offset(at: Int64(seconds)) == offset)
  }

  @Test(arguments: ["", "CET", "CET-", "-1", "CET-1CEST", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.5.0", "CET-99", "<CET-1", "CET-1 "])
  func refusesOtherRules(text: String) { #expect(YearlyZone(Array(text.utf8)) == nil) }

  @Test func refusesBrokenFiles() {
    let whole = file()
    for length in 0..<(whole.count - 1) { #expect(ZoneRules(Array(whole.prefix(length))) == nil) }
    #expect(ZoneRules(file(times: [5, 5], kinds: [0, 1])) == nil)
    #expect(ZoneRules(file(kinds: [2])) == nil)
    #expect(ZoneRules(file(footer: "nonsense")) == nil)
    // Whatever a byte is changed to, reading ends, and with an offset that can be.
    for index in whole.indices {
      for byte: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
        var bytes = whole
        bytes[index] = byte
        if let rules = ZoneRules(bytes) { #expect(abs(rules.offset(at: .max / 4) + rules.offset(at: 0)) <= 2 * 26 * 3600) }
      }
    }
  }
}
