// Plans to be planned, without files or processes.

import DshColumns
import DshEngine
import DshPlan
import DshPlanner
import DshSystem
import Testing

/// A `read` of so many bytes of CSV.
func reading(_ bytes: Int64 = 1 << 20, name: String = "x.csv") throws -> LogicalPlan {
  let schema = Schema([Field("a", .int64), Field("b", .string)])
  let identity = try #require(FileIdentity(numbers: [1, 2, bytes, 0, 0]))
  let file = SourceFile(path: "/data/\(name)", identity: identity, shape: 0, knowledge: .found(dataStart: 0, rowCount: nil))
  let shape = FileShape(format: "csv", schema: schema, layout: [])
  let source = FileSource(label: name, shapes: [shape], files: [file], schema: schema, pathColumn: nil, blockBytes: 1 << 18)
  return .read(source, columns: [0, 1])
}

let numbers = LogicalPlan.range(start: 0, end: 100, step: 1)
let a = Expression.column(0, .int64)
let isLarge = Expression.call(">", [a, .literal(.int64(10), .int64)], .bool)

/// An aggregate over the first column, or over nothing.
func aggregate(_ name: String, _ arguments: [Expression] = [a]) throws -> AggregateCall {
  try #require(AggregateRegistry().signature(of: name)?.call(name, arguments))
}

/// The lines of the stages that deliver a plan.
func stages(_ plan: LogicalPlan, _ result: StageResult = .blocks()) -> [String] {
  PhysicalPlanner().graph(of: plan, for: result).lines
}
