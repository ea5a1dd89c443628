// Plans `sort`: a run for each task, then ranges of the keys pulled from node to node and merged. Cut by a limit, it is a top-N.

import DshColumns
import DshEngine
import DshPlan

extension PhysicalPlanner {
  /// A task keeps so many rows in order at most where a sort is cut by a limit; of more, everything is sorted.
  static let largestTopRows = 1 << 16

  func planSort(_ input: LogicalPlan, _ keys: [SortColumn]) -> [Branch] {
    let whole = input.orderOfEqualRows(behind: keys)
    let keys = whole ?? keys
    let runs = Stage(branches(of: input, inOrder: whole == nil), output: .sink(SortRun(keys)), exchange: .ranges(keys))
    return [
      Branch(.exchange(Exchange(from: runs, by: .ranges(keys), consumer: MergeRuns(input.schema, keys: keys), origin: "sort")))
    ]
  }

  /// The first rows of a sort.
  func planTop(_ input: LogicalPlan, _ keys: [SortColumn], count: Int) -> [Branch] {
    let whole = input.orderOfEqualRows(behind: keys)
    let keys = whole ?? keys
    let tops = Stage(branches(of: input, inOrder: whole == nil), output: .sink(TopRows(keys, count: count)), exchange: .single)
    return [
      Branch(
        .exchange(
          Exchange(from: tops, by: .single, consumer: MergeRuns(input.schema, keys: keys, limit: count), origin: "sort")))
    ]
  }
}

extension PhysicalPlanner {
  /// The branches of a plan of which no more than the first rows are wanted, in order; more may come.
  func branches(of plan: LogicalPlan, firstRows: Int) -> [Branch] {
    switch plan {
    case .aggregate(let input, let aggregation): planAggregate(input, aggregation, inOrder: true, firstRows: firstRows)
    case .project(let input, let columns): branches(of: input, firstRows: firstRows).map { $0.adding(Project(columns)) }
    default: (plan.isLookup ? lookingUpInPlace : self).branches(of: plan.limitingRows(to: firstRows), inOrder: true)
    }
  }

  /// The same where a join leaves its left side where it is, however large its tables are: few rows of it are read.
  private var lookingUpInPlace: PhysicalPlanner {
    var context = context
    context.storesBytes = .max
    return PhysicalPlanner(context)
  }
}

extension LogicalPlan {
  /// Sort keys and behind them what tells the order of rows that are equal in them; nil if that is known from the rows alone nowhere. Groups stand
  /// in order of their keys: to sort by these, too, spares putting them in that order first.
  fileprivate func orderOfEqualRows(behind keys: [SortColumn]) -> [SortColumn]? {
    guard let own = groupOrder else { return nil }
    return keys + own.filter { column in !keys.contains { $0.index == column.index } }
  }

  /// The columns whose order the rows stand in, where they are groups; nil if they are not, or some of their keys are gone.
  private var groupOrder: [SortColumn]? {
    switch self {
    case .aggregate(_, let aggregation): return aggregation.order
    case .project(let input, let columns):
      guard let below = input.groupOrder else { return nil }
      let here = below.compactMap { key -> SortColumn? in
        let place = columns.firstIndex { if case .column(key.index, _) = $0.expression { true } else { false } }
        return place.map { SortColumn($0, descending: false) }
      }
      return here.count == below.count ? here : nil
    case .filter(let input, _): return input.groupOrder
    default: return nil
    }
  }

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

  /// Whether its first rows are those of the left side of a join.
  fileprivate var isLookup: Bool {
    switch self {
    case .filter(let input, _), .project(let input, _): input.isLookup
    case .operation(let operation, _): operation.step is Join
    default: false
    }
  }

  /// Whether it is known without a look at the rows how many there are in each task, or there is one task alone.
  private var hasKnownCounts: Bool {
    switch self {
    case .range, .rows, .stored, .limit: true
    case .read(let source, _): FileCutting(source).taskCount <= 1
    case .project(let input, _): input.hasKnownCounts
    case .operation(let operation, let inputs): operation.step.givesRowForRow && inputs[0].hasKnownCounts
    case .union(let inputs): inputs.allSatisfy(\.hasKnownCounts)
    case .filter, .aggregate, .sort: false
    }
  }
}
