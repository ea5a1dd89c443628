// Numbers sorted into ranges of equal width.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let buckets = [
    Function(
      "width_bucket", .arithmetic, ["x", "low", "high", "count"], [.from(.float64, .float64, .float64, .int64, to: .int64)],
      "The number, from 1, of the range that a number lies in if low to high is cut into so many of equal width; 0 below all, count + 1 above all, null of NaN.",
      examples: [("width_bucket(3.5, 0, 10, 5)", "2"), ("width_bucket(10, 0, 10, 5)", "6"), ("width_bucket(-1, 0, 10, 5)", "0")]
    ) { _ in
      Kernel(canFail: true) { call in
        let (x, low) = (FixedArgument<Double>(call.arguments[0]), FixedArgument<Double>(call.arguments[1]))
        let (high, counts) = (FixedArgument<Double>(call.arguments[2]), FixedArgument<Int64>(call.arguments[3]))
        return call.mapOptional(Int64.self) { row in
          let (from, to, count) = (low[row], high[row], counts[row])
          guard from < to, from.isFinite, to.isFinite, count > 0, count <= bucketLimit else {
            call.fail(row, Diagnostic(.badArgument, "no \(count) ranges between \(from) and \(to)"))
            return nil
          }
          if x[row].isNaN { return nil }
          if x[row] < from { return 0 }
          if x[row] >= to { return count + 1 }
          // Halved, as the distance between two doubles may be beyond all doubles.
          let share = (x[row] / 2 - from / 2) / (to / 2 - from / 2)
          return min(Int64(share * Double(count)), count - 1) + 1
        }
      }
    }
  ]

  /// A double tells no more ranges apart.
  private static let bucketLimit: Int64 = 1 << 53
}
