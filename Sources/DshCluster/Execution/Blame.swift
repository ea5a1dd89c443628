// Says of an error that a task met which row it is in and where the expression was written.

import DshColumns
import DshDiagnostics
import DshPlan

extension Diagnostic {
  /// An error of a row with the row's number in the dataset and its expression's place: all units before the failing one are done, so
  /// their rows are known.
  func blamed(on task: UnitTask, reportsBefore: [PipelineReport]) -> Diagnostic {
    guard let row else { return self }
    let unit = task.unit
    if row.step == RowPlace.resultStep {
      guard case .groups(_, let aggregation) = unit.source else { return self }
      return blamed(on: aggregation)
    }
    let before = reportsBefore.reduce(0) { $0 + (row.step < $1.stepRows.count ? $1.stepRows[row.step] : 0) }
    let (number, overflow) = before.addingReportingOverflow(row.row)
    var blamed = at(unit.expressions(ofStep: row.step, sink: task.description.sink).place(ofPart: row.part))
    blamed.row = nil
    if !overflow { blamed.notes.insert("in row \(grouped(number &+ 1))\(unit.rowsText(atStep: row.step))", at: 0) }
    return blamed
  }

  /// An error in the result of an aggregation, with the place of the aggregate and its text.
  func blamed(on aggregation: Aggregation) -> Diagnostic {
    guard let row, row.step == RowPlace.resultStep, aggregation.aggregates.indices.contains(row.part) else { return self }
    let aggregate = aggregation.aggregates[row.part]
    var blamed = at(aggregate.origin.place)
    blamed.row = nil
    blamed.message += ": \(aggregate.origin.place?.text ?? aggregate.name)"
    return blamed
  }
}

extension WorkUnit {
  /// The expressions of one of its steps; what the sink computes comes after the last.
  fileprivate func expressions(ofStep step: Int, sink: TaskSink) -> [Expression] {
    guard steps.indices.contains(step) else {
      if case .partials(let aggregation, _) = sink { return aggregation.expressions }
      return []
    }
    switch steps[step] {
    case .filter(let condition): return [condition]
    case .project(let columns): return columns.map(\.expression)
    }
  }

  /// What the rows that enter a step are counted among, and the file that the row is from.
  fileprivate func rowsText(atStep step: Int) -> String {
    let isFiltered = steps.prefix(step).contains { if case .filter = $0 { true } else { false } }
    let file = if case .file(let scan, _, _) = source { ", read from \(fileName(scan.path))" } else { "" }
    return (isFiltered ? " of those that pass the filter" : "") + file
  }
}

extension [Expression] {
  /// Where the part with a number was written, all expressions counted through.
  fileprivate func place(ofPart number: Int) -> SourcePlace? {
    var remaining = number
    for expression in self {
      let size = expression.size
      if remaining < size { return expression.place(ofPart: remaining) }
      remaining -= size
    }
    return nil
  }
}
