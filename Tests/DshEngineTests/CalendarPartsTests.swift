// The parts of whole columns of dates are those of each date, however far it lies from today.

import CDshKernels
import DshColumns
import Testing

@testable import DshEngine

@Suite struct CalendarPartsTests {
  @Test(arguments: FuzzSeeds.all) func agreeWithEachDate(seed: UInt64) throws {
    var random = SplitMix(seed: seed &+ 34)
    for reach in [500, 200_000, 300_000_000, Int(Int32.max)] {
      var days = (0..<700).map { _ in Int32.random(in: Int32(-reach)...Int32(reach), using: &random) }
      if reach == Int(Int32.max) { days += [.min, .max, 0] }
      let dates = column(.date, days.map { .date($0) })
      for (name, part) in Self.parts {
        let compiled = try CompiledExpression(try bind("\(name)(d)", over: [Field("d", .date)]), inputs: [.date])
        let values = try compiled.evaluate([dates], rowCount: days.count)
        for (row, day) in days.enumerated() { #expect(values.value(at: row) == .int64(Int64(part(Int(day)))), "\(name) of day \(day)") }
      }
    }
  }

  private static let parts: [(String, @Sendable (Int) -> Int)] = [
    ("year", { Calendar.civil(days: $0).year }), ("quarter", { (Calendar.civil(days: $0).month + 2) / 3 }),
    ("month", { Calendar.civil(days: $0).month }), ("day", { Calendar.civil(days: $0).day }),
  ]
}
