// `lag` and `lead`: the value of a row before or behind.

import DshColumns
import DshPlan

extension WindowRegistry {
  static let lag = WindowFunction(
    neighbour("lag", "The value of the row that many rows before, 1 if nothing is said; null where there is none.", "before")
  ) { rows in
    let distance = rows.rowCount(0, otherwise: 1)
    return rows.values(
      of: rows.partitions.ranges.flatMap { partition in
        partition.map { row in row - partition.lowerBound >= distance ? Int32(truncatingIfNeeded: row - distance) : -1 }
      })
  }

  static let lead = WindowFunction(
    neighbour("lead", "The value of the row that many rows behind, 1 if nothing is said; null where there is none.", "next")
  ) { rows in
    let distance = rows.rowCount(0, otherwise: 1)
    return rows.values(
      of: rows.partitions.ranges.flatMap { partition in
        partition.map { row in distance < partition.upperBound - row ? Int32(truncatingIfNeeded: row + distance) : -1 }
      })
  }

  private static func neighbour(_ name: String, _ summary: String, _ column: String) -> WindowSignature {
    WindowSignature(
      name, ["x", "n"], constants: 1,
      [Overload([.variable(0), .exact(.int64)], optional: 1, result: .variable(0))], summary,
      examples: [
        "read data/weather.csv | map \(column) = \(name)(wind) over (sort date) | take 3",
        "read data/weather.csv | map \(column) = \(name)(date, 7) over (by weather sort date) | take 3",
      ])
  }
}
