// Plans `sort`: a run for each task, then ranges of the keys pulled from node to node and merged. Cut by a limit, it is a top-N.

import DshColumns
import DshEngine
import DshPlan

extension PhysicalPlanner {
  /// A task keeps so many rows in order at most where a sort is cut by a limit; of more, everything is sorted.
  static let largestTopRows = 1 << 16

  func planSort(_ input: LogicalPlan, _ keys: [SortColumn]) -> [Branch] {
    let runs = Stage(branches(of: input, inOrder: true), output: .sink(SortRun(keys)), exchange: .ranges(keys))
    return [
      Branch(.exchange(Exchange(from: runs, by: .ranges(keys), consumer: MergeRuns(input.schema, keys: keys), origin: "sort")))
    ]
  }

  /// The first rows of a sort.
  func planTop(_ input: LogicalPlan, _ keys: [SortColumn], count: Int) -> [Branch] {
    let tops = Stage(branches(of: input, inOrder: true), output: .sink(TopRows(keys, count: count)), exchange: .single)
    return [
      Branch(
        .exchange(
          Exchange(from: tops, by: .single, consumer: MergeRuns(input.schema, keys: keys, limit: count), origin: "sort")))
    ]
  }
}

extension LogicalPlan {
  /// The same plan where only its first rows are wanted: a sort at its top is cut, and what makes a row of each row gets no others.
  func limitingRows(to count: Int) -> LogicalPlan {
    switch self {
    case .project(let input, let columns): .project(input.limitingRows(to: count), columns)
    case .sort where count <= PhysicalPlanner.largestTopRows: .limit(self, count: count, offset: 0)
    case .operation(let operation, let inputs) where operation.step.givesRowForRow && !inputs[0].hasKnownCounts:
      .operation(operation, [.limit(inputs[0], count: count, offset: 0)])
    default: self
    }
  }

  /// Whether it is known without a look at the rows how many there are in each task, or there is one task alone.
  private var hasKnownCounts: Bool {
    switch self {
    case .range, .rows, .stored, .limit: true
    case .read(let source, _): source.files.reduce(0) { $0 + $1.splitCount(in: source) } <= 1
    case .project(let input, _): input.hasKnownCounts
    case .operation(let operation, let inputs): operation.step.givesRowForRow && inputs[0].hasKnownCounts
    case .union(let inputs): inputs.allSatisfy(\.hasKnownCounts)
    case .filter, .aggregate, .sort: false
    }
  }
}
