// `string_join`: texts behind one another.

import DshColumns
import DshDiagnostics
import DshPlan

extension AggregateRegistry {
  static let stringJoin = Aggregate(
    "string_join", ["x", "separator"], constants: 1, [.from(.string, .string, to: .string)],
    "The texts in the order of the dataset with the separator between them; nulls are skipped, null over no values.",
    examples: [
      "read data/weather.csv | limit 4 | agg string_join(weather, \", \") | take",
      "read data/weather.csv | limit 9 | agg string_join(string(wind), \" \") by weather | take",
    ],
    seesOrder: true, state: .list,
    checkConstants: { constants throws(Diagnostic) in
      guard case .string? = constants.first else { throw Diagnostic(.badConstant, "the separator of string_join(x, separator) is a text") }
    },
    result: { values, site, _, groupCount throws(RowError) in
      guard case .string(let separator)? = site.constants.first else { preconditionFailure("the separator was checked") }
      return try values.joined(by: separator, groupCount)
    })
}
