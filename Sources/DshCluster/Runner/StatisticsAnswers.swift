// Aggregates over kept blocks and files that their statistics answer: no row is read.

import DshBackend
import DshColumns
import DshEngine
import DshPlan
import DshPlanner
import DshSystem

extension GraphRunner {
  /// One row of aggregates by what is known of blocks, and how many blocks that were; nil if it does not tell.
  func answer(_ stage: Stage, _ aggregation: Aggregation) -> (row: Batch, blockCount: Int)? {
    var columns: [[ColumnStatistics]?] = Array(repeating: nil, count: aggregation.aggregates.count)
    var rowCounts: [Int] = []
    var blockCount = 0
    for branch in stage.branches {
      if case .files(let source, _) = branch.input {
        // Rows are all that files tell of themselves.
        guard branch.steps.allSatisfy({ $0 is Project }), let counts = toldRowCounts(of: source),
          aggregation.aggregates.allSatisfy({ $0.condition == nil && $0.arguments.isEmpty })
        else { return nil }
        blockCount += FileCutting(source).taskCount
        rowCounts += counts
        continue
      }
      guard case .persisted(let plan) = branch.input, let blocks = persisted[plan]?.blocks,
        branch.steps.allSatisfy({ $0 is Project }), blocks.allSatisfy({ !$0.statistics.isEmpty || plan.schema.count == 0 })
      else { return nil }
      blockCount += blocks.count
      rowCounts += blocks.map(\.block.rows)
      for (index, call) in aggregation.aggregates.enumerated() {
        if call.condition != nil { return nil }
        guard let argument = call.arguments.first else { continue }
        guard call.arguments.count == 1, case .column(let place, _) = argument, let column = branch.column(place) else { return nil }
        columns[index] = (columns[index] ?? []) + blocks.map { $0.statistics[column] }
      }
    }
    var values: [Value] = []
    for (call, column) in zip(aggregation.aggregates, columns) {
      guard let shortcut = AggregateRegistry.aggregate(named: call.function)?.shortcut,
        let value = shortcut.result(column, rowCounts: rowCounts)
      else { return nil }
      values.append(value)
    }
    let schema = aggregation.schema
    let row = zip(schema.fields, values).map { field, value in
      let builder = ColumnBuilder(type: field.type)
      builder.append(value)
      return builder.finish()
    }
    return (Batch(schema: schema, columns: row, rowCount: 1), blockCount)
  }

  /// The rows of each file of a `read`, if all say so and none has changed since.
  private func toldRowCounts(of source: FileSource) -> [Int]? {
    let counts = source.files.compactMap(\.rowCount)
    let areUnchanged = counts.count == source.files.count && source.files.allSatisfy(source.isUnchanged)
    return areUnchanged ? counts : nil
  }
}
