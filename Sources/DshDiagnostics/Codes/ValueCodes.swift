// Codes of values that can't be computed.

extension DiagnosticCode {
  public static let integerOverflow = DiagnosticCode("integer-overflow", .user, "A whole number does not fit in 64 bits")
  public static let badCast = DiagnosticCode("bad-cast", .user, "A value can't be cast to the type")
  public static let badDate = DiagnosticCode("bad-date", .user, "There is no such date or time")
  public static let dateOutOfRange = DiagnosticCode("date-out-of-range", .user, "A date is too far away to be held")
  public static let timestampOutOfRange = DiagnosticCode("timestamp-out-of-range", .user, "A timestamp is too far away to be held")
  public static let badTime = DiagnosticCode("bad-time", .user, "A text is not a time in the format that is given")
  public static let badTimeFormat = DiagnosticCode("bad-time-format", .user, "A format of dates and times can't be understood")
  public static let badUnit = DiagnosticCode("bad-unit", .user, "There is no such unit of time")
  public static let badRegex = DiagnosticCode("bad-regex", .user, "A regular expression can't be understood")
  public static let badRegexGroup = DiagnosticCode("bad-regex-group", .user, "A regular expression has no such group")
  public static let regexTooCostly = DiagnosticCode("regex-too-costly", .user, "A regular expression took too many steps on one text")
  public static let unequalRows = DiagnosticCode(
    "unequal-rows", .user, "Two datasets that shall stand side by side have different numbers of rows")
  public static let textTooLong = DiagnosticCode("text-too-long", .user, "A text is longer than a text may be")
  public static let listTooLong = DiagnosticCode("list-too-long", .user, "A list is longer than a list may be")
  public static let badArgument = DiagnosticCode("bad-argument", .user, "A function is not defined for the value of an argument")
  public static let badZone = DiagnosticCode("bad-zone", .user, "There is no time zone of that name")

  static let valueCodes: [DiagnosticCode] = [
    .integerOverflow, .badCast, .badDate, .dateOutOfRange, .timestampOutOfRange, .badTime, .badTimeFormat, .badUnit, .badRegex,
    .badRegexGroup, .regexTooCostly, .textTooLong, .listTooLong, .badArgument, .badZone, .unequalRows,
  ]
}
