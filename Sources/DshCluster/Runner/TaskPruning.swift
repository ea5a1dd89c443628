// Which blocks of a kept dataset a stage has to look at, by what is known of their columns.

import DshColumns
import DshEngine
import DshPlan
import DshPlanner

/// The blocks of a kept dataset that may have rows for a stage.
struct TaskPruning {
  private(set) var blocks: [PersistedDataset.Block]
  /// Of a top-N, a value of the first key behind which none of the first rows is.
  private(set) var bound: Value?

  /// Those that may pass the first filter, or may be among the first rows of an order.
  init(_ blocks: [PersistedDataset.Block], of branch: Branch, in stage: Stage, schema: Schema) {
    self.blocks = blocks
    guard !branch.steps.isEmpty || stage.top != nil else { return }
    self.blocks = blocks.filter { $0.statistics.isEmpty || BlockPruning.mayPass(branch.steps, $0.statistics, schema: schema) }
    // With one branch alone nothing else can come before its rows.
    guard let top = stage.top, stage.branches.count == 1, let key = top.keys.first,
      let column = branch.column(key.index, passingFilters: true), !branch.mayFail(over: schema)
    else { return }
    keepFirst(top.count, by: column, descending: key.descending) { block in branch.keepsAllRows(of: block.statistics, schema: schema) }
  }

  /// Leaves the blocks that may hold some of the first rows by a column. Only of blocks that keep all their rows is it certain what they have.
  private mutating func keepFirst(_ count: Int, by column: Int, descending: Bool, keepsAllRows: (PersistedDataset.Block) -> Bool) {
    // The value that all rows of a block come before or at, and the one that none comes before.
    func last(_ block: PersistedDataset.Block) -> Value? { descending ? block.statistics[column].least : block.statistics[column].greatest }
    func first(_ block: PersistedDataset.Block) -> Value? {
      descending ? block.statistics[column].greatest : block.statistics[column].least
    }
    func order(_ a: Value, _ b: Value) -> Int { (a.order(to: b) ?? 0) * (descending ? -1 : 1) }
    guard count > 0, blocks.allSatisfy({ $0.statistics.indices.contains(column) && $0.statistics[column].knowsExtremes }) else { return }
    // What each block has for certain: one row at its first value, and all others at its last or before it.
    let certain = blocks.flatMap { block -> [(value: Value, rows: Int)] in
      guard let first = first(block), let last = last(block), keepsAllRows(block) else { return [] }
      return [(first, 1), (last, block.statistics[column].rowCount - block.statistics[column].nullCount - 1)]
    }
    var rows = 0
    var bound: Value?
    for entry in certain.sorted(by: { order($0.value, $1.value) < 0 }) where rows < count {
      rows += entry.rows
      bound = entry.value
    }
    guard rows >= count, let bound else { return }
    // So many rows come before or at the bound; a block whose first comes behind it has none of the first rows. Nulls come last.
    blocks = blocks.filter { block in first(block).map { order($0, bound) <= 0 } ?? false }
    self.bound = bound
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
  func column(_ index: Int, passingFilters: Bool = false) -> Int? {
    var index = index
    for step in steps.reversed() where !(passingFilters && step is Filter) {
      guard let projection = step as? Project, projection.columns.indices.contains(index),
        case .column(let source, _) = projection.columns[index].expression
      else { return nil }
      index = source
    }
    return index
  }

  /// Whether one of its steps, filters and projections, may fail for a row: then every row has to be looked at.
  fileprivate func mayFail(over schema: Schema) -> Bool {
    var schema = schema
    for step in steps {
      let own = schema
      if step.expressions.contains(where: { if case .column = $0 { false } else { CompiledExpression.mayFail($0, over: own.types) } }) {
        return true
      }
      schema = step.schema(over: schema)
    }
    return false
  }

  /// Whether its filters let all rows of a block pass, by what is known of its columns; its other steps are projections.
  fileprivate func keepsAllRows(of statistics: [ColumnStatistics], schema: Schema) -> Bool {
    guard steps.contains(where: { $0 is Filter }) else { return true }
    let rest = BlockPruning.withoutCertainTerms(steps, ofBlocks: [statistics], schema: schema)
    return rest.allSatisfy { step in (step as? Filter).map { $0.predicate == .literal(.bool(true), .bool) } ?? true }
  }
}
