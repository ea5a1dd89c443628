// `ntile`: partitions cut into parts of equal size.

import DshColumns
import DshPlan

extension WindowRegistry {
  static let ntile = WindowFunction(
    WindowSignature(
      "ntile", ["n"], constants: 1, [.from(.int64, to: .int64)],
      "The number of the part, from 1 to n, that the row is in if its partition is cut into n parts as equal as can be, the first ones larger.",
      examples: [
        "read data/weather.csv | map quarter = ntile(4) over (sort wind) | agg count() by quarter | take",
        "range 7 | map part = ntile(3) over () | take",
      ])
  ) { rows in
    let parts = max(1, rows.rowCount(0, otherwise: 1))
    return rows.numbers { partition, output in
      let (size, larger) = (partition.count / parts, partition.count % parts)
      let inLarger = larger * (size + 1)
      for row in partition {
        let place = row - partition.lowerBound
        output[row] = Int64(place < inLarger ? place / (size + 1) : larger + (place - inLarger) / max(1, size)) + 1
      }
    }
  }
}
