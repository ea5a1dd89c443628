// `row_number`: the number of a row in its partition.

import DshColumns
import DshPlan

extension WindowRegistry {
  static let rowNumber = WindowFunction(
    WindowSignature(
      "row_number", [], [Overload([], result: .exact(.int64))],
      "The number of the row among those with the same keys, from 1, in their order or that of the dataset.",
      examples: [
        "read data/weather.csv | map r = row_number() over (by weather sort wind desc) | filter r == 1 | take",
        "range 5 | map n = row_number() over () | take",
      ])
  ) { rows in
    rows.numbers { partition, output in
      for row in partition { output[row] = Int64(row - partition.lowerBound + 1) }
    }
  }
}
