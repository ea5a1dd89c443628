// Whole numbers as 64 bits in two's complement.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let bits = [
    bitFunction("bit_and", "The bits that are set in both numbers.", [("bit_and(12, 10)", "8"), ("bit_and(-1, 255)", "255")]) {
      $0.map(Int64.self, Int64.self) { $0 & $1 }
    },
    bitFunction("bit_or", "The bits that are set in either number.", [("bit_or(12, 10)", "14"), ("bit_or(0, 1)", "1")]) {
      $0.map(Int64.self, Int64.self) { $0 | $1 }
    },
    bitFunction("bit_xor", "The bits that are set in one of both numbers.", [("bit_xor(12, 10)", "6"), ("bit_xor(5, 5)", "0")]) {
      $0.map(Int64.self, Int64.self) { $0 ^ $1 }
    },
    bitFunction(
      "shift_left", "The bits moved to the higher end; those moved out are lost, a negative count moves to the lower end.",
      [("shift_left(1, 10)", "1024"), ("shift_left(1, 64)", "0")], second: "count"
    ) { $0.map(Int64.self, Int64.self) { $0 << $1 } },
    bitFunction(
      "shift_right", "The bits moved to the lower end, the sign staying; a negative count moves to the higher end.",
      [("shift_right(1024, 3)", "128"), ("shift_right(-1, 5)", "-1")], second: "count"
    ) { $0.map(Int64.self, Int64.self) { $0 >> $1 } },
    Function(
      "bit_not", .arithmetic, ["x"], [.from(.int64, to: .int64)], "All 64 bits turned over.",
      examples: [("bit_not(0)", "-1"), ("bit_not(5)", "-6")]
    ) { _ in Kernel { $0.map(Int64.self) { (x: Int64) -> Int64 in ~x } } },
    Function(
      "bit_count", .arithmetic, ["x"], [.from(.int64, to: .int64)], "How many of the 64 bits are set.",
      examples: [("bit_count(255)", "8"), ("bit_count(-1)", "64")]
    ) { _ in Kernel { $0.map(Int64.self) { Int64($0.nonzeroBitCount) } } },
  ]

  private static func bitFunction(
    _ name: String, _ summary: String, _ examples: [(String, String)], second: String = "b", _ run: @escaping @Sendable (Call) -> Column
  ) -> Function {
    Function(
      name, .arithmetic, [second == "b" ? "a" : "x", second], [.from(.int64, .int64, to: .int64)], summary, examples: examples
    ) { _ in Kernel(run: run) }
  }
}
