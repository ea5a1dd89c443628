// The logical plan: what a dataset is, as plain data, typed and without any choice of where or how.

import DshColumns

/// A tree of relational steps; every node knows its schema.
public indirect enum LogicalPlan: Hashable, Sendable {
  /// Some columns of some files, in file and row order.
  case read(FileSource, columns: [Int])
  /// The column `id`: start, start + step, … below end (above it for a negative step), in a number of blocks where one was asked for.
  case range(start: Int64, end: Int64, step: Int64, blocks: Int? = nil)
  /// Literal rows.
  case rows(Schema, [[Value]])
  /// Exactly these columns.
  case project(LogicalPlan, [NamedExpression])
  /// The rows where the expression is true.
  case filter(LogicalPlan, Expression)
  case limit(LogicalPlan, count: Int, offset: Int)
  /// All rows of the first input, then of the next; all have the schema of the first.
  case union([LogicalPlan])
  /// Rows in ascending order of the keys, nulls last.
  case aggregate(LogicalPlan, Aggregation)
  /// A stable sort; keys are columns of the input.
  case sort(LogicalPlan, [SortColumn])
  /// A step that has a file of its own, over its inputs.
  case operation(Operation, [LogicalPlan])
  /// Rows that are already blocks in the stores: the result of the plan inside.
  case stored(LogicalPlan)

  public var schema: Schema {
    switch self {
    case .read(let source, let columns): Schema(columns.map { source.schema[$0] })
    case .range: Schema([Field("id", .int64)])
    case .rows(let schema, _): schema
    case .project(_, let columns): Schema(columns.map { Field($0.name, $0.expression.type) })
    case .filter(let input, _), .limit(let input, _, _), .sort(let input, _), .stored(let input): input.schema
    case .union(let inputs): inputs.first?.schema ?? Schema([])
    case .operation(let operation, let inputs): operation.step.schema(over: inputs.map(\.schema))
    case .aggregate(_, let aggregation): aggregation.schema
    }
  }

  /// The plans it takes rows from.
  public var inputs: [LogicalPlan] {
    switch self {
    case .read, .range, .rows, .stored: []
    case .project(let input, _), .filter(let input, _), .limit(let input, _, _), .aggregate(let input, _), .sort(let input, _):
      [input]
    case .union(let inputs), .operation(_, let inputs): inputs
    }
  }

  /// The most steps on top of one another. Plans are walked recursively, and the head's stack has room for several times as many.
  public static let depthLimit = 1_000

  /// How many steps stand on top of one another.
  public var depth: Int {
    if case .stored(let plan) = self { return 1 + plan.depth }
    return 1 + (inputs.map(\.depth).max() ?? 0)
  }

  /// The same step over other inputs, as many as before.
  public func replacingInputs(_ inputs: [LogicalPlan]) -> LogicalPlan {
    switch self {
    case .read, .range, .rows, .stored: self
    case .project(_, let columns): .project(inputs[0], columns)
    case .filter(_, let predicate): .filter(inputs[0], predicate)
    case .limit(_, let count, let offset): .limit(inputs[0], count: count, offset: offset)
    case .aggregate(_, let aggregation): .aggregate(inputs[0], aggregation)
    case .sort(_, let keys): .sort(inputs[0], keys)
    case .union: .union(inputs)
    case .operation(let operation, _): .operation(operation, inputs)
    }
  }

  /// The files it reads, all the way down.
  public var fileSources: [FileSource] {
    switch self {
    case .read(let source, _): [source]
    case .stored(let plan): plan.fileSources
    default: inputs.flatMap(\.fileSources)
    }
  }
}

/// A column to sort by.
public struct SortColumn: Hashable, Sendable {
  public var index: Int
  public var descending: Bool

  public init(_ index: Int, descending: Bool) {
    self.index = index
    self.descending = descending
  }
}

/// How many numbers a range has.
public func rangeCount(_ start: Int64, _ end: Int64, _ step: Int64) -> Int {
  guard step != 0, step > 0 ? start < end : start > end else { return 0 }
  let (distance, overflow) = (step > 0 ? end : start).subtractingReportingOverflow(step > 0 ? start : end)
  let magnitude = overflow ? UInt64(bitPattern: distance) : UInt64(distance)
  return Int(clamping: (magnitude - 1) / step.magnitude + 1)
}
