// `rank`, `dense_rank`, `percent_rank` and `cume_dist`: where a row stands among those of its partition, equal rows alike.

import DshColumns
import DshPlan

extension WindowRegistry {
  static let rank = WindowFunction(
    ranking("rank", .int64, "The rank of the row in the order, from 1; equal rows have the same, and the next ones leave a gap.", "rank")
  ) { rows in
    let begins = rows.partitions.beginsPeers
    return rows.numbers { partition, output in
      var rank = 0
      for row in partition {
        if begins[row] { rank = row - partition.lowerBound + 1 }
        output[row] = Int64(rank)
      }
    }
  }

  static let denseRank = WindowFunction(
    ranking("dense_rank", .int64, "The rank of the row in the order, from 1; equal rows have the same, and the next ones follow.", "rank")
  ) { rows in
    let begins = rows.partitions.beginsPeers
    return rows.numbers { partition, output in
      var rank = 0
      for row in partition {
        if begins[row] { rank += 1 }
        output[row] = Int64(rank)
      }
    }
  }

  static let percentRank = WindowFunction(
    ranking(
      "percent_rank", .float64, "The share of the other rows that come before the row in the order: 0 for the first, 1 for the last.",
      "share")
  ) { rows in
    let begins = rows.partitions.beginsPeers
    return rows.fractions { partition, output in
      var before = 0
      for row in partition {
        if begins[row] { before = row - partition.lowerBound }
        output[row] = partition.count == 1 ? 0 : Double(before) / Double(partition.count - 1)
      }
    }
  }

  static let cumulativeDistribution = WindowFunction(
    ranking("cume_dist", .float64, "The share of the rows that come before the row in the order or are equal to it.", "share")
  ) { rows in
    let begins = rows.partitions.beginsPeers
    return rows.fractions { partition, output in
      var end = partition.upperBound
      for row in partition.reversed() {
        output[row] = Double(end - partition.lowerBound) / Double(partition.count)
        if begins[row] { end = row }
      }
    }
  }

  private static func ranking(_ name: String, _ type: DataType, _ summary: String, _ column: String) -> WindowSignature {
    WindowSignature(
      name, [], [Overload([], result: .exact(type))], summary,
      examples: [
        "read data/weather.csv | map \(column) = \(name)() over (sort wind desc) | take 3",
        "read data/weather.csv | map \(column) = \(name)() over (by weather sort wind desc) | take 3",
      ], needsOrder: true)
  }
}
