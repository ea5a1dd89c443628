// Plans `limit`: the first rows a wave of tasks at a time; with an offset, rows are counted first, and only those that are wanted are made.

import DshColumns
import DshEngine
import DshPlan

extension PhysicalPlanner {
  func planLimit(_ input: LogicalPlan, count: Int, offset: Int) -> [Branch] {
    let (end, overflow) = offset.addingReportingOverflow(count)
    let wanted = offset..<(overflow ? .max : end)
    if case .sort(let sorted, let keys) = input, wanted.upperBound <= Self.largestTopRows {
      let top = planTop(sorted, keys, count: wanted.upperBound)
      return offset == 0 ? top : window(top, .rows(wanted))
    }
    // Columns may be computed of the rows that are left.
    if case .project(let inner, let columns) = input, inner.isSortedBelowProjections {
      return planLimit(inner, count: count, offset: offset).map { $0.adding(Project(columns)) }
    }
    let branches = branches(of: input, firstRows: wanted.upperBound)
    guard offset > 0 else {
      let first = Stage(branches, output: .sink(MakeBlock(limit: count)), title: "limit", wantedRows: count)
      return [Branch(.blocks(of: first, firstRows: count))]
    }
    return window(branches, .rows(wanted))
  }

  /// Some of the rows of branches, one after another.
  func window(_ branches: [Branch], _ wanted: RowWindow) -> [Branch] {
    let branches = madeOnce(branches)
    let counts = rowCounts(of: branches, upTo: wanted.countedRows)
    return [Branch(.blocks(of: Stage(branches, output: .window(wanted, counts: counts)), firstRows: nil))]
  }

  /// Counts the rows of each task, as far as so many rows are there; what comes behind the last step that drops or adds rows changes no count.
  func rowCounts(of branches: [Branch], upTo limit: Int = .max) -> Stage {
    Stage(
      branches.map(\.counting), output: .sink(CountRows(limit: limit)), title: "row counts", wantedRows: limit == .max ? nil : limit)
  }
}

extension LogicalPlan {
  /// Whether it is a sort of which columns are computed.
  fileprivate var isSortedBelowProjections: Bool {
    switch self {
    case .sort: true
    case .project(let input, _): input.isSortedBelowProjections
    default: false
    }
  }
}

extension Branch {
  /// The same rows for counting alone.
  fileprivate var counting: Branch { prefix((steps.lastIndex { !$0.keepsRowCount } ?? -1) + 1) }
}
