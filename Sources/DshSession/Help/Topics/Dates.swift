// The topic `dates`.

import DshEngine

extension Article {
  static let dates = Article(
    "dates", synonyms: ["time", "times", "timestamps", "strftime", "zones", "timezones", "date formats"],
    summary: "Dates and points of time: how they are written, read, computed with, and brought to UTC",
    lines: Help.aligned([
      ("date(\"2024-01-31\")", "a date; files with such cells have date columns"),
      ("timestamp(\"2024-01-31 10:00\")", "a point of time; with a zone (Z, +02:00, +0200) it is turned into UTC"),
      ("day >= \"2024-01-31\"", "a text compared with a date is read as one"),
      ("day + 7, a - b", "days later; days between two dates"),
      ("date_add(\"hour\", -2, t)", "units later or earlier, for times of a known zone too"),
      ("t::timestamp[us, Europe/Berlin]", "the same point of time for a zone: functions of it see what clocks show there; printed in UTC"),
      ("from_zone(t, \"Europe/Berlin\")", "the point of time at which clocks show t; to_zone is the way back"),
      ("date_trunc, date_diff", "beginnings of units, and how many lie between"), ("year(t), weekday(t), …", "parts: help functions"),
      ("parse_date(x, format)", "a date in another format; parse_timestamp, and both with try_ for null instead of an error"),
      ("format_time(t, format)", "as text"),
    ]) + ["", "Parts of a format:"] + Help.aligned(TimeDirective.all.map { ("%\($0.letter)", $0.meaning) }),
    examples: [
      Example("parse_date(\"31.01.2024\", \"%d.%m.%Y\")", "2024-01-31"), Example("parse_date(\"202403\", \"%Y%m\")", "2024-03-01"),
      Example("parse_timestamp(\"31/Jan/2024:10:00:00 +0200\", \"%d/%b/%Y:%H:%M:%S %z\")", "2024-01-31 08:00:00"),
      Example("timestamp(\"2024-01-31T10:00:00-05:00\")", "2024-01-31 15:00:00"),
      Example("date(\"2024-02-28\") + 2", "2024-03-01"),
      Example("hour(timestamp(\"2024-07-01 22:30\")::timestamp[us, Europe/Berlin])", "0"),
      Example("format_time(date(\"2024-02-29\"), \"%A, %d %B\")", "Thursday, 29 February"),
    ], related: ["types", "parse_timestamp", "format_time", "date_add", "from_epoch"])
}
