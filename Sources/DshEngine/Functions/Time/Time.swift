// The list of date and time functions.

extension FunctionRegistry {
  static let time: [Function] =
    calendarParts + truncation + dateArithmetic + timeFormatting + timeParsing + dateMaking + epochs
    + epochUnits + calendarDays + timeBuckets + elapsed + moments + zones
}
