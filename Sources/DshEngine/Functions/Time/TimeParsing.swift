// Dates and timestamps read from text in a format.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let timeParsing = [
    parseFunction(
      "parse_date", "A date read from a text in a format of `strftime` (`help dates`); a text that is not in it is an error.", .date,
      isTry: false,
      [
        ("parse_date(\"29.02.2024\", \"%d.%m.%Y\")", "2024-02-29"), ("parse_date(\"Jan 5, 2024\", \"%b %d, %Y\")", "2024-01-05"),
        ("parse_date(\"2024-W09-4\", \"%G-W%V-%u\")", "2024-02-29"),
      ]),
    parseFunction(
      "parse_timestamp",
      "A timestamp read from a text in a format of `strftime` (`help dates`), in UTC; a text that is not in it is an error.", .timestamp,
      isTry: false,
      [
        ("parse_timestamp(\"31/01/24 3:04 PM\", \"%d/%m/%y %I:%M %p\")", "2024-01-31 15:04:00"),
        ("parse_timestamp(\"31.01.2024 08:30\", \"%d.%m.%Y %H:%M\")", "2024-01-31 08:30:00"),
        ("parse_timestamp(\"2024-01-31T00:30:00+02:00\", \"%Y-%m-%dT%H:%M:%S%z\")", "2024-01-30 22:30:00"),
      ]),
    parseFunction(
      "try_parse_date", "The same as `parse_date`, with null for a text that is not in the format.", .date, isTry: true,
      [("try_parse_date(\"soon\", \"%Y-%m-%d\")", "null"), ("try_parse_date(\"31.01.2024\", \"%d.%m.%Y\")", "2024-01-31")]),
    parseFunction(
      "try_parse_timestamp", "The same as `parse_timestamp`, with null for a text that is not in the format.", .timestamp, isTry: true,
      [
        ("try_parse_timestamp(\"2024-01-31T25\", \"%Y-%m-%dT%H\")", "null"),
        ("try_parse_timestamp(\"2024-01-31T05\", \"%Y-%m-%dT%H\")", "2024-01-31 05:00:00"),
      ]),
  ]

  private static func parseFunction(
    _ name: String, _ summary: String, _ result: DataType, isTry: Bool, _ examples: [(String, String)]
  ) -> Function {
    Function(name, .time, ["text", "format"], [.from(.string, .string, to: result)], summary, examples: examples) {
      site throws(Diagnostic) in
      let formats = try FormatArgument(site) { text throws(Diagnostic) in try TimeReader(text) }
      return Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        func parse(_ row: Int) -> (days: Int, microsecondOfDay: Int64)? {
          guard let format = formats.format(row, call) else { return nil }
          return format.read(texts[row])
        }
        func missing(_ row: Int) {
          if !isTry {
            call.fail(row, .notInFormat(String(decoding: texts[row], as: UTF8.self), TextArgument(call.arguments[1])[row], name))
          }
        }
        if result == .date {
          return call.mapOptional(Int32.self) { row in
            let days = parse(row).flatMap { Int32(exactly: $0.days) }
            if days == nil { missing(row) }
            return days
          }
        }
        return call.mapOptional(Int64.self) { row in
          let timestamp = parse(row).flatMap { Calendar.timestamp(days: $0.days, microsecondOfDay: $0.microsecondOfDay) }
          if timestamp == nil { missing(row) }
          return timestamp
        }
      }
    }
  }
}

extension Diagnostic {
  fileprivate static func notInFormat(_ text: String, _ format: TextSlice, _ name: String) -> Diagnostic {
    Diagnostic(
      .badTime, "not in the format \"\(shown(String(decoding: format, as: UTF8.self)))\": \"\(shown(text))\"",
      suggestion: "try_\(name) gives null instead")
  }
}
