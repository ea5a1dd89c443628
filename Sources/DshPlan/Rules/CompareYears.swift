// Compares dates where a condition compares their years.

import DshColumns

/// year(x) == 1994 → x >= 1994-01-01 and x < 1995-01-01, and so for every order and for years that follow one another.
///
/// The year of each row need not be computed then, and what is known of the least and greatest date of a block tells whether any row passes. Safe
/// because the year ascends with the date; null stays null on both sides.
struct CompareYears: PlanRule {
  let name = "compare-years"

  func apply(_ plan: LogicalPlan) -> LogicalPlan {
    plan.rewrittenUp { plan in
      guard case .filter(let input, let predicate) = plan else { return plan }
      return .filter(input, predicate.comparingDates)
    }
  }
}

extension Expression {
  /// The same condition with dates compared instead of years.
  fileprivate var comparingDates: Expression {
    guard case .call(let name, let arguments, let type, let origin) = self else { return self }
    switch name {
    case "and": return .call(name, arguments.flatMap { $0.comparingDates.conditions }, type, origin: origin)
    case "or", "not": return .call(name, arguments.map(\.comparingDates), type, origin: origin)
    default: break
    }
    guard let years = YearRange(name, arguments) else { return self }
    let least = years.least.map { Expression.call(">=", [years.date, years.literal(startOf: $0)], .bool, origin: origin) }
    let greatest = years.greatest.map { Expression.call("<", [years.date, years.literal(startOf: $0 + 1)], .bool, origin: origin) }
    let terms = [least, greatest].compactMap(\.self)
    return terms.count == 1 ? terms[0] : .call("and", terms, .bool, origin: origin)
  }
}

/// A date, and the years that a condition lets it have: at least one of the bounds is there.
private struct YearRange {
  let date: Expression
  var least: Int?
  var greatest: Int?

  /// Beyond them the starts of years have no microseconds, or no days.
  private static let years = -100_000...100_000

  /// Nil if the condition is another, or its years have gaps.
  init?(_ comparison: String, _ operands: [Expression]) {
    if let date = operands.first?.dateOfYear {
      let years = operands.dropFirst().compactMap(\.wholeNumber)
      guard years.count == operands.count - 1 else { return nil }
      self.init(date, comparison, years)
    } else if operands.count == 2, let date = operands[1].dateOfYear, let year = operands[0].wholeNumber,
      let turned = ["==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<="][comparison]
    {
      self.init(date, turned, [year])
    } else {
      return nil
    }
  }

  private init?(_ date: Expression, _ comparison: String, _ wanted: [Int]) {
    let sorted = Set(wanted).sorted()
    guard let first = sorted.first, let last = sorted.last, Self.years.contains(first), Self.years.contains(last) else { return nil }
    self.date = date
    switch comparison {
    case "==", "in":
      guard last - first == sorted.count - 1 else { return nil }
      (least, greatest) = (first, last)
    case "<": greatest = first - 1
    case "<=": greatest = first
    case ">": least = first + 1
    case ">=": least = first
    default: return nil
    }
  }

  /// The first moment of a year, as what the date is.
  func literal(startOf year: Int) -> Expression {
    let days = Calendar.days(year: year, month: 1, day: 1)
    return date.type == .date
      ? .literal(.date(Int32(days)), .date) : .literal(.timestamp(Int64(days) * Calendar.microsecondsPerDay), .timestamp)
  }
}

extension Expression {
  /// What it is the year of.
  fileprivate var dateOfYear: Expression? {
    guard case .call("year", let arguments, _, _) = self, arguments.count == 1, [.date, .timestamp].contains(arguments[0].type) else {
      return nil
    }
    return arguments[0]
  }

  fileprivate var wholeNumber: Int? {
    if case .literal(.int64(let value), _) = self { Int(value) } else { nil }
  }
}
