// The topic `types`.

import DshColumns

extension Article {
  static let types = Article(
    "types", synonyms: ["type", "casts", "cast", "datatypes"], summary: "What columns and values can be, and how one becomes another",
    lines: Help.aligned(
      DataType.askableNames.map { ($0, meanings[$0] ?? "") } + [
        ("list<type>", "values of one type in order"), ("null", "nothing but nulls"),
      ])
      + [
        "", "The types of a file's columns are found out from its cells; read --types=COLUMN:TYPE,… says otherwise.",
        "x::type casts, and fails where a value does not fit; try_cast(x, type) gives null there. schema shows the types of a dataset.",
        "int64 becomes float64 where both meet, and a date a timestamp; nothing else changes its type unasked.",
      ],
    examples: [
      Example("\"42\"::int64 + 1", "43"), Example("try_cast(\"soon\", date)", "null"), Example("7::float64 / 2", "3.5"),
      Example("2.9::int64", "2"),
    ], related: ["null", "dates", "literals", "schema"])

  private static let meanings = [
    "int64": "whole numbers of 64 bits; a result that does not fit is an error",
    "float64": "64-bit floating point numbers, inf and nan among them",
    "bool": "true or false", "string": "text in UTF-8", "date": "days of the calendar, from before the year 1 on",
    "timestamp": "points of time to the microsecond, without a zone; times with one are turned into UTC",
  ]
}
