// What has passed between two points of time, parts by name, and the days between.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let elapsed = [
    Function(
      "date_elapsed", .time, ["unit", "from", "to"],
      [.from(.string, .date, .date, to: .int64), .from(.string, .timestamp, .timestamp, to: .int64)],
      "How many whole units have passed between two points of time (`date_diff` counts beginnings of units).",
      zones: .byUnit(belowDay: .moments),
      examples: [
        ("date_elapsed(\"month\", date(\"2024-01-31\"), date(\"2024-02-29\"))", "1"),
        ("date_elapsed(\"year\", date(\"2000-03-01\"), date(\"2024-02-29\"))", "23"),
        ("date_elapsed(\"hour\", timestamp(\"2024-01-01 10:30\"), timestamp(\"2024-01-01 08:45\"))", "-1"),
      ]
    ) { site throws(Diagnostic) in
      let units = try UnitArgument(site)
      if site.types[1] == .date { try units.refuseBelowDay() }
      return Kernel(canFail: true) { call in
        let (from, to) = (MomentArgument(call.arguments[1]), MomentArgument(call.arguments[2]))
        return call.fixed(Int64.self) { output in
          output.update(repeating: 0, count: call.rowCount)
          units.forEachRow(call) { row, unit in
            if call.arguments[1].type == .date, unit.isBelowDay { return call.fail(row, .unitBelowDay(unit)) }
            guard let count = elapsed(unit, from[row], to[row]) else { return call.fail(row, .timestampOutOfRange) }
            output[row] = count
          }
        }
      }
    },
    Function(
      "age", .time, ["from", "to"], [.from(.date, .date, to: .int64), .from(.timestamp, .timestamp, to: .int64)],
      "The whole years that have passed between two points of time.",
      examples: [("age(date(\"2000-03-01\"), date(\"2024-02-29\"))", "23"), ("age(date(\"2000-03-01\"), date(\"2024-03-01\"))", "24")]
    ) { _ in
      Kernel(canFail: true) { call in
        let (from, to) = (MomentArgument(call.arguments[0]), MomentArgument(call.arguments[1]))
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            let count = elapsed(.year, from[row], to[row])
            output[row] = count ?? 0
            if count == nil { call.fail(row, .timestampOutOfRange) }
          }
        }
      }
    },
    Function(
      "seconds_between", .time, ["from", "to"], [.from(.timestamp, .timestamp, to: .float64)],
      "The seconds from one timestamp to another, with their fraction.",
      zones: .always(.moments),
      examples: [
        ("seconds_between(timestamp(\"2024-01-01 10:00\"), timestamp(\"2024-01-01 10:00:01.5\"))", "1.5"),
        ("seconds_between(timestamp(\"2024-01-02\"), timestamp(\"2024-01-01\"))", "-86400.0"),
      ]
    ) { _ in
      Kernel { call in
        call.map(Int64.self, Int64.self) { from, to in
          let (difference, overflow) = to.subtractingReportingOverflow(from)
          return overflow ? Double(to) / 1_000_000 - Double(from) / 1_000_000 : Double(difference) / 1_000_000
        }
      }
    },
    Function(
      "date_part", .time, ["unit", "t"], [.from(.string, .date, to: .int64), .from(.string, .timestamp, to: .int64)],
      "The part of a date or timestamp that a unit names, as the function of that name gives it.",
      examples: [
        ("date_part(\"quarter\", date(\"2024-05-01\"))", "2"), ("date_part(\"minute\", timestamp(\"2024-01-31 10:20:30\"))", "20"),
      ]
    ) { site throws(Diagnostic) in
      let units = try UnitArgument(site)
      if site.types[1] == .date { try units.refuseBelowDay() }
      return Kernel(canFail: true) { call in
        let days = DayArgument(call.arguments[1])
        return call.fixed(Int64.self) { output in
          output.update(repeating: 0, count: call.rowCount)
          units.forEachRow(call) { row, unit in
            if call.arguments[1].type == .date, unit.isBelowDay { return call.fail(row, .unitBelowDay(unit)) }
            output[row] = part(unit, days[row].days, days[row].microsecondOfDay)
          }
        }
      }
    },
    Function(
      "date_sequence", .time, ["unit", "from", "to"], [.from(.string, .date, .date, to: .list(.date))],
      "The dates from one to another, both included, a unit apart: days, weeks, months, quarters or years.",
      examples: [
        ("date_sequence(\"day\", date(\"2024-02-28\"), date(\"2024-03-01\"))", "[2024-02-28, 2024-02-29, 2024-03-01]"),
        ("date_sequence(\"month\", date(\"2024-01-31\"), date(\"2024-03-31\"))", "[2024-01-31, 2024-02-29, 2024-03-31]"),
      ]
    ) { site throws(Diagnostic) in
      let units = try UnitArgument(site)
      try units.refuseBelowDay()
      return Kernel(canFail: true) { call in
        let (from, to) = (FixedArgument<Int32>(call.arguments[1]), FixedArgument<Int32>(call.arguments[2]))
        let dates = MutableBuffer(capacity: call.rowCount * 16)
        var ends = [Int](repeating: 0, count: call.rowCount)
        units.forEachRow(call) { row, unit in
          if unit.isBelowDay { return call.fail(row, .unitBelowDay(unit)) }
          let expected = unit.ordinal(ofDay: Int(to[row])) - unit.ordinal(ofDay: Int(from[row]))
          guard expected < ListArgument.elementLimit - dates.byteCount / 4 else { return call.fail(row, .listTooLong) }
          var count: Int64 = 0
          while let day = unit.add(count, toDay: Int(from[row])), day <= Int(to[row]) {
            dates.append(Int32(truncatingIfNeeded: day))
            count += 1
          }
          ends[row] = dates.byteCount / 4
        }
        let offsets = MutableBuffer(capacity: (call.rowCount + 1) * 4)
        offsets.append(Int32(0))
        var last = 0
        for end in ends {
          last = max(last, end)
          offsets.append(Int32(truncatingIfNeeded: last))
        }
        let elements = Column(type: .date, count: last, validity: nil, storage: .fixed(dates.freeze()))
        return Column(type: call.type, count: call.rowCount, validity: nil, storage: .list(offsets: offsets.freeze(), elements: elements))
      }
    },
  ]

  /// The most whole units that lead from one time not beyond the other; nil where that is beyond 64 bits.
  private static func elapsed(_ unit: TimeUnit, _ from: Int64, _ to: Int64) -> Int64? {
    guard let months = unit.months else {
      let (distance, overflow) = to.subtractingReportingOverflow(from)
      return overflow ? nil : distance / (unit.microseconds ?? 1)
    }
    if to < from { return elapsed(unit, to, from, ofMonths: months, backwards: true) * -1 }
    return elapsed(unit, from, to, ofMonths: months, backwards: false)
  }

  /// The units from the earlier to the later; backwards, those that lead from the later not beyond the earlier.
  private static func elapsed(_ unit: TimeUnit, _ early: Int64, _ late: Int64, ofMonths months: Int, backwards: Bool) -> Int64 {
    let (first, second) = (
      Calendar.civil(days: Calendar.split(timestamp: early).days), Calendar.civil(days: Calendar.split(timestamp: late).days)
    )
    var count = Int64(((second.year - first.year) * 12 + second.month - first.month) / months)
    while count > 0 {
      // What is beyond all timestamps is beyond the other one.
      let reached = unit.add(backwards ? -count : count, toTimestamp: backwards ? late : early)
      if let reached, backwards ? reached >= early : reached <= late { break }
      count -= 1
    }
    return count
  }

  private static func part(_ unit: TimeUnit, _ days: Int, _ microsecondOfDay: Int64) -> Int64 {
    let civil = Calendar.civil(days: days)
    return switch unit {
    case .year: Int64(civil.year)
    case .quarter: Int64((civil.month + 2) / 3)
    case .month: Int64(civil.month)
    case .week: Int64(isoWeek(days: days).week)
    case .day: Int64(civil.day)
    case .hour: microsecondOfDay / 3_600_000_000
    case .minute: microsecondOfDay / 60_000_000 % 60
    case .second: microsecondOfDay / 1_000_000 % 60
    case .millisecond: microsecondOfDay / 1000 % 1000
    case .microsecond: microsecondOfDay % 1_000_000
    }
  }
}

/// Dates as their midnights, and timestamps.
private struct MomentArgument {
  private let dates: FixedArgument<Int32>?
  private let timestamps: FixedArgument<Int64>?

  init(_ operand: Operand) {
    dates = operand.type == .date ? FixedArgument(operand) : nil
    timestamps = operand.type == .date ? nil : FixedArgument(operand)
  }

  /// A date beyond all timestamps is the last or the first of them.
  subscript(row: Int) -> Int64 {
    if let dates {
      let day = Int(dates[row])
      return Calendar.timestamp(days: day, microsecondOfDay: 0) ?? (day < 0 ? .min : .max)
    }
    return timestamps.map { $0[row] } ?? 0
  }
}
