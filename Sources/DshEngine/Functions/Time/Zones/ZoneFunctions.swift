// Timestamps are in UTC: what clocks of a time zone show then, and back.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let zones = [
    Function(
      "to_zone", .time, ["t", "zone"], [.from(.timestamp, .string, .binary, optional: 1, to: .timestamp)],
      "What clocks in a time zone show at a timestamp in UTC; the zone is a place such as \"Europe/Berlin\" or a distance such as \"+02:00\".",
      zones: .always(.moments),
      examples: [
        ("to_zone(timestamp(\"2024-07-01 12:00\"), \"Europe/Berlin\")", "2024-07-01 14:00:00"),
        ("to_zone(timestamp(\"2024-01-01 12:00\"), \"-05:30\")", "2024-01-01 06:30:00"),
      ]
    ) { site throws(Diagnostic) in
      let rules = try zoneRules(site)
      return Kernel(canFail: true) { $0.shiftTimestamps { rules.offset(at: $0) } }
    },
    Function(
      "from_zone", .time, ["t", "zone"], [.from(.timestamp, .string, .binary, optional: 1, to: .timestamp)],
      "The timestamp in UTC at which clocks in a time zone show a time: the first of two, and where clocks leave it out, as if they had not.",
      zones: .always(.refused),
      examples: [
        ("from_zone(timestamp(\"2024-07-01 14:00\"), \"Europe/Berlin\")", "2024-07-01 12:00:00"),
        ("from_zone(timestamp(\"2024-03-31 02:30\"), \"Europe/Berlin\")", "2024-03-31 01:30:00"),
      ]
    ) { site throws(Diagnostic) in
      let rules = try zoneRules(site)
      return Kernel(canFail: true) { $0.shiftTimestamps { -rules.offset(atLocal: $0) } }
    },
    Function(
      "zone_offset", .time, ["t", "zone"], [.from(.timestamp, .string, .binary, optional: 1, to: .int64)],
      "How many seconds clocks in a time zone are ahead of UTC at a timestamp in UTC.",
      zones: .always(.moments),
      examples: [
        ("zone_offset(timestamp(\"2024-07-01 12:00\"), \"America/New_York\")", "-14400"),
        ("zone_offset(timestamp(\"2024-01-01 12:00\"), \"Asia/Kolkata\")", "19800"),
      ]
    ) { site throws(Diagnostic) in
      let rules = try zoneRules(site)
      return Kernel { $0.map(Int64.self) { Int64(rules.offset(at: $0.flooredDivision(by: Calendar.microsecondsPerSecond))) } }
    },
  ]

  /// The rules that the binder has put behind the name of a zone, or those that the name itself tells.
  private static func zoneRules(_ site: CallSite) throws(Diagnostic) -> ZoneRules {
    // A zone that is null makes every row null.
    guard let name = site.constantText(1) else {
      if site.constants[1] == .null { return ZoneRules(offsetSeconds: 0) }
      throw Diagnostic(.badZone, "the zone is one text for all rows, not a column")
    }
    if name == "UTC" { return ZoneRules(offsetSeconds: 0) }
    let offset = Array(name.utf8).withUnsafeBytes { text -> Int? in
      var position = 0
      return Calendar.readZone(text, from: &position).flatMap { position == text.count ? $0 : nil }
    }
    if let offset { return ZoneRules(offsetSeconds: offset) }
    guard site.constants.count > 2, case .binary(let bytes)? = site.constants[2], let rules = ZoneRules(bytes) else {
      throw Diagnostic(.badZone, "the rules of the time zone \"\(name)\" can't be read")
    }
    return rules
  }
}

extension Call {
  /// Timestamps moved by as many seconds as the step gives for each.
  fileprivate func shiftTimestamps(_ step: (Int64) -> Int) -> Column {
    let timestamps = FixedArgument<Int64>(arguments[0])
    return fixed(Int64.self) { output in
      for row in 0..<rowCount {
        let offset = Int64(step(timestamps[row].flooredDivision(by: Calendar.microsecondsPerSecond))) * Calendar.microsecondsPerSecond
        let (sum, overflow) = timestamps[row].addingReportingOverflow(offset)
        output[row] = sum
        if overflow { fail(row, .timestampOutOfRange) }
      }
    }
  }
}
