// Points of time that are easy to read, between two others: what stands along an axis of dates or timestamps.

import DshColumns

/// Times at whole steps of one unit, with labels as long as the step needs.
struct TimeTicks: Equatable {
  struct Tick: Equatable {
    /// Microseconds since 1970.
    var time: Int64
    var label: String
  }

  let ticks: [Tick]

  private enum Step {
    case microseconds(Int64)
    case months(Int)
  }

  private static let second = Calendar.microsecondsPerSecond
  private static let day = Calendar.microsecondsPerDay
  /// A twelfth of a Gregorian year on average.
  private static let month = 30.436_875 * Double(day)

  /// - Parameters:
  ///   - wanted: about how many.
  ///   - isDate: whether no step is shorter than a day.
  init(from least: Int64, to greatest: Int64, about wanted: Int, isDate: Bool) {
    let length = (Double(greatest) - Double(least)) / Double(wanted)
    let step = Self.step(ofAtLeast: length, isDate: isDate)
    let found =
      switch step {
      case .microseconds(let width): Self.multiples(of: width, least, greatest)
      case .months(let count): Self.months(count, least, greatest)
      }
    if found.count > 1 {
      ticks = found.map { Tick(time: $0, label: Self.label($0, step)) }
    } else {
      ticks = [least, greatest].map {
        Tick(time: $0, label: CellText.string(isDate ? .date(Self.date($0)) : .timestamp($0)) ?? "")
      }
    }
  }

  private static func step(ofAtLeast length: Double, isDate: Bool) -> Step {
    let short: [Int64] =
      [1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap { [$0, $0 * 1000] }.sorted()
      + ([1, 2, 5, 10, 15, 30].map { $0 * second } + [1, 2, 5, 10, 15, 30].map { $0 * 60 * second })
      + [1, 2, 3, 6, 12].map { $0 * 3600 * second }
    let days = [1, 2, 7, 14].map { $0 * day }
    if let step = ((isDate ? [] : short) + days).first(where: { Double($0) >= length }) { return .microseconds(step) }
    let months = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000, 24_000, 60_000, 120_000]
    return .months(months.first { Double($0) * month >= length } ?? 1_200_000)
  }

  private static func multiples(of width: Int64, _ least: Int64, _ greatest: Int64) -> [Int64] {
    var found: [Int64] = []
    let remainder = least % width
    var (next, overflow) = least.addingReportingOverflow(remainder > 0 ? width - remainder : -remainder)
    while !overflow, next <= greatest {
      found.append(next)
      (next, overflow) = next.addingReportingOverflow(width)
    }
    return found
  }

  private static func months(_ count: Int, _ least: Int64, _ greatest: Int64) -> [Int64] {
    let first = Calendar.parts(timestamp: least)
    var index = (first.year * 12 + first.month - 1) / count * count - count
    var found: [Int64] = []
    while true {
      let year = (index >= 0 ? index : index - 11) / 12
      guard let time = Calendar.timestamp(Calendar.Parts(year: year, month: index - year * 12 + 1, day: 1)) else {
        // Before the first time there is, or behind the last one.
        if found.isEmpty, index < first.year * 12 + 12 {
          index += count
          continue
        }
        return found
      }
      if time > greatest { return found }
      if time >= least { found.append(time) }
      index += count
    }
  }

  private static func date(_ time: Int64) -> Int32 { Int32(truncatingIfNeeded: Calendar.split(timestamp: time).days) }

  private static func label(_ time: Int64, _ step: Step) -> String {
    let whole = CellText.string(.timestamp(time)) ?? ""
    let date = CellText.string(.date(Self.date(time))) ?? ""
    switch step {
    case .months(let count): return String(date.dropLast(count % 12 == 0 ? 6 : 3))
    case .microseconds(let width) where width >= day: return date
    case .microseconds(let width):
      let clock = whole.dropFirst(date.count + 1)
      if width < second { return String(clock) }
      // The day is said where it begins.
      if time % day == 0 { return String(date.suffix(5)) }
      return String(clock.prefix(width < 60 * second ? 8 : 5))
    }
  }
}
