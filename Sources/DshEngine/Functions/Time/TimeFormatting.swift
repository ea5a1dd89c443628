// Dates and timestamps as text in a format.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let timeFormatting = [
    Function(
      "format_time", .time, ["t", "format"],
      [
        .from(.date, .string, to: .string), .from(.timestamp, .string, to: .string),
        // The binder adds how many seconds clocks of a zone are ahead of UTC.
        Overload([.exact(.timestamp), .exact(.string), .exact(.int64)], hidden: true, result: .exact(.string)),
      ],
      "A date or timestamp in a format of `strftime`, such as \"%d.%m.%Y %H:%M\"; `help dates` lists its parts.",
      zones: .always(.clocksWithOffset),
      examples: [
        ("format_time(date(\"2024-02-29\"), \"%d.%m.%Y\")", "29.02.2024"),
        ("format_time(timestamp(\"2024-01-31 15:04:05\"), \"%a %e %b, %I:%M %p\")", "Wed 31 Jan, 03:04 PM"),
      ]
    ) { site throws(Diagnostic) in
      let formats = try FormatArgument(site) { text throws(Diagnostic) in try TimeFormat(text) }
      return Kernel(canFail: true) { call in
        let days = DayArgument(call.arguments[0])
        let offsets = call.arguments.count > 2 ? FixedArgument<Int64>(call.arguments[2]) : nil
        return call.texts { row, output in
          guard let format = formats.format(row, call) else { return }
          let (day, microsecondOfDay) = days[row]
          format.append(days: day, microsecondOfDay: microsecondOfDay, offsetSeconds: Int(offsets?[row] ?? 0), to: output)
        }
      }
    }
  ]
}

/// The format argument of a call: taken apart once if it is constant.
struct FormatArgument<Format: Sendable>: Sendable {
  private let constant: Format?
  private let read: @Sendable (String) throws(Diagnostic) -> Format

  init(_ site: CallSite, read: @escaping @Sendable (String) throws(Diagnostic) -> Format) throws(Diagnostic) {
    self.read = read
    constant = try site.constantText(1).map(read)
  }

  /// The format of a row; nil if it is none, which is noted.
  func format(_ row: Int, _ call: Call) -> Format? {
    if let constant { return constant }
    do {
      return try read(String(decoding: TextArgument(call.arguments[1])[row], as: UTF8.self))
    } catch {
      call.fail(row, error)
      return nil
    }
  }
}
