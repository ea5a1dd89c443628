// `first` and `last`: the value of the row at an end of the rows that are looked at.

import DshColumns
import DshPlan

extension WindowRegistry {
  static let first = WindowFunction(
    edge("first", "The value of the first of the rows looked at: of the whole partition, if rows does not say which.")
  ) { rows in
    rows.values(
      of: rows.partitions.ranges.flatMap { partition in
        partition.map { row in
          let frame = rows.frame(of: row, in: partition)
          return frame.isEmpty ? -1 : Int32(truncatingIfNeeded: frame.lowerBound)
        }
      })
  }

  static let last = WindowFunction(
    edge("last", "The value of the last of the rows looked at: of the whole partition, if rows does not say which.")
  ) { rows in
    rows.values(
      of: rows.partitions.ranges.flatMap { partition in
        partition.map { row in
          let frame = rows.frame(of: row, in: partition)
          return frame.isEmpty ? -1 : Int32(truncatingIfNeeded: frame.upperBound - 1)
        }
      })
  }

  private static func edge(_ name: String, _ summary: String) -> WindowSignature {
    WindowSignature(
      name, ["x"], [Overload([.variable(0)], result: .variable(0))], summary,
      examples: [
        "read data/weather.csv | map day = \(name)(date) over (by weather sort wind desc) | take 3",
        "read data/weather.csv | map day = \(name)(date) over (sort date rows 2 before 2 after) | take 3",
      ], takesFrame: true)
  }
}
