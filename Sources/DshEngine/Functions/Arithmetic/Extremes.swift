// The least and the greatest of several values, and limits to a range.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let extremes = [
    Function(
      "least", .arithmetic, ["value"], [Overload([.variable(0)], variadic: true, result: .variable(0))],
      "The smallest of its arguments; nulls are skipped.",
      examples: [("least(3, 1, 2)", "1"), ("least(null, 2)", "2"), ("least(\"b\", \"a\")", "a")]
    ) { _ in extremeKernel(.less) },
    Function(
      "greatest", .arithmetic, ["value"], [Overload([.variable(0)], variadic: true, result: .variable(0))],
      "The largest of its arguments; nulls are skipped, NaN is larger than every number.",
      examples: [("greatest(3, 1, 2)", "3"), ("greatest(date(\"2024-01-01\"), date(\"2024-02-01\"))", "2024-02-01")]
    ) { _ in extremeKernel(.greater) },
    Function(
      "clamp", .arithmetic, ["x", "low", "high"],
      [.from(.int64, .int64, .int64, to: .int64), .from(.float64, .float64, .float64, to: .float64)],
      "The number, or the limit it lies beyond.", examples: [("clamp(12, 0, 10)", "10"), ("clamp(0.5, 1, 2)", "1.0")]
    ) { site in
      if site.types[0] == .float64 { return Kernel { $0.clamp(Double.self) } }
      return Kernel { $0.clamp(Int64.self) }
    },
  ]

  /// Picks per row the argument that comes first in the given order.
  private static func extremeKernel(_ wanted: Comparison) -> Kernel {
    Kernel(seesNulls: true) { call in
      let columns = call.arguments.filter { $0.type == call.type }
      guard !columns.isEmpty else { return call.allNull() }
      var starts: [Int] = []
      var total = 0
      for operand in columns {
        starts.append(total)
        total += operand.column.count
      }
      let places = MutableBuffer(capacity: call.rowCount * 4)
      for row in 0..<call.rowCount {
        var best = -1
        for (index, operand) in columns.enumerated() where operand.isValid(row) {
          if best < 0 {
            best = index
            continue
          }
          let order = RowOrder.compare(
            operand.column, operand.isConstant ? 0 : row, columns[best].column, columns[best].isConstant ? 0 : row)
          if wanted.holds(order) { best = index }
        }
        places.append(best < 0 ? Int32(-1) : Int32(truncatingIfNeeded: starts[best] + (columns[best].isConstant ? 0 : row)))
      }
      return Column.concatenation(columns.map(\.column), type: call.type)
        .gather(RowIndexes(buffer: places.freeze(), count: call.rowCount))
    }
  }
}

extension Call {
  @inline(__always) fileprivate func clamp<T: BitwiseCopyable & Comparable>(_: T.Type) -> Column {
    let x = FixedArgument<T>(arguments[0])
    let low = FixedArgument<T>(arguments[1])
    let high = FixedArgument<T>(arguments[2])
    return fixed(T.self) { output in
      for row in 0..<rowCount {
        let raised = x[row] < low[row] ? low[row] : x[row]
        output[row] = raised > high[row] ? high[row] : raised
      }
    }
  }
}
