// Which blocks of a kept dataset a stage has to look at, by what is known of their columns.

import DshColumns
import DshEngine
import DshPlan
import DshPlanner

enum TaskPruning {
  /// The blocks that may have rows for a stage: those that may pass the first filter, or may be among the first rows of an order.
  static func wanted(
    _ blocks: [PersistedDataset.Block], of branch: Branch, in stage: Stage, schema: Schema
  ) -> [PersistedDataset.Block] {
    guard !branch.steps.isEmpty || stage.top != nil else { return blocks }
    let passing = blocks.filter { $0.statistics.isEmpty || BlockPruning.mayPass(branch.steps, $0.statistics, schema: schema) }
    // With one branch alone nothing else can come before its rows.
    guard let top = stage.top, stage.branches.count == 1, let key = top.keys.first, let column = branch.column(key.index) else {
      return passing
    }
    return first(top.count, passing, by: column, descending: key.descending)
  }

  /// The blocks that may hold some of the first rows by a column.
  static func first(
    _ count: Int, _ blocks: [PersistedDataset.Block], by column: Int, descending: Bool
  ) -> [PersistedDataset.Block] {
    // The value that all rows of a block come before or at, and the one that none comes before.
    func last(_ block: PersistedDataset.Block) -> Value? { descending ? block.statistics[column].least : block.statistics[column].greatest }
    func first(_ block: PersistedDataset.Block) -> Value? {
      descending ? block.statistics[column].greatest : block.statistics[column].least
    }
    func order(_ a: Value, _ b: Value) -> Int { (a.order(to: b) ?? 0) * (descending ? -1 : 1) }
    guard count > 0, blocks.allSatisfy({ $0.statistics.indices.contains(column) && $0.statistics[column].knowsExtremes }) else {
      return blocks
    }
    let bounded = blocks.compactMap { block in
      last(block).map { (last: $0, rows: block.statistics[column].rowCount - block.statistics[column].nullCount) }
    }
    var rows = 0
    var bound: Value?
    for entry in bounded.sorted(by: { order($0.last, $1.last) < 0 }) where rows < count {
      rows += entry.rows
      bound = entry.last
    }
    guard rows >= count, let bound else { return blocks }
    // So many rows come before or at the bound; a block whose first comes behind it has none of the first rows. Nulls come last.
    return blocks.filter { block in first(block).map { order($0, bound) <= 0 } ?? false }
  }
}

extension Stage {
  /// What its tasks keep, if that is only the first rows of an order.
  fileprivate var top: TopRows? {
    if case .sink(let sink) = output { sink as? TopRows } else { nil }
  }
}

extension Branch {
  /// The column of the input that a column behind the steps is; nil if it is computed, or if rows are dropped on the way.
  func column(_ index: Int) -> Int? {
    var index = index
    for step in steps.reversed() {
      guard let projection = step as? Project, projection.columns.indices.contains(index),
        case .column(let source, _) = projection.columns[index].expression
      else { return nil }
      index = source
    }
    return index
  }
}
