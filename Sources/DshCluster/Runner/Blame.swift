// Says of an error that a task met which row it is in and where the expression was written.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshFormats

extension Diagnostic {
  /// An error of a row with the row's number in the dataset and its expression's place: all tasks before the failing one are done, so
  /// their rows are known.
  func blamed(on task: StageTask, reportsBefore: [TaskReport]) -> Diagnostic {
    guard let row else { return self }
    if task.steps.indices.contains(row.step), let step = task.steps[row.step] as? RunProgram {
      var blamed = at(step.call.origin.place)
      blamed.row = nil
      if !task.origin.isEmpty { blamed.notes.insert("in the task of \(task.origin)", at: 0) }
      return blamed
    }
    if row.step == RowPlace.resultStep {
      switch task.source {
      case let groups as FinalAggregate: return blamed(on: groups.aggregation)
      case let windows as ComputeWindows: return blamed(on: windows.window)
      default: return self
      }
    }
    let before = reportsBefore.reduce(0) { $0 + (row.step < $1.stepRows.count ? $1.stepRows[row.step] : 0) }
    let (number, overflow) = before.addingReportingOverflow(row.row)
    let expressions = task.steps.indices.contains(row.step) ? task.steps[row.step].expressions : task.sink.expressions
    var blamed = at(expressions.place(ofPart: row.part))
    blamed.row = nil
    if !overflow { blamed.notes.insert("in row \(groupedText(number &+ 1))\(task.rowsText(atStep: row.step))", at: 0) }
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

extension Diagnostic {
  /// An error in the result of a window, with the place of its function and its text.
  fileprivate func blamed(on window: Window) -> Diagnostic {
    guard let row, window.calls.indices.contains(row.part) else { return self }
    let call = window.calls[row.part]
    var blamed = at(call.origin.place)
    blamed.row = nil
    blamed.message += ": \(call.origin.place?.text ?? call.function)"
    return blamed
  }
}

extension StageTask {
  /// What the rows that enter a step are counted among, and the file that the row is from.
  fileprivate func rowsText(atStep step: Int) -> String {
    let isFiltered = steps.prefix(step).contains { !$0.keepsRowCount }
    let file =
      (source as? ReadSplit).map { ", read from \(fileName($0.scan.path))" } ?? (source is ReadFiles ? ", read from \(origin)" : "")
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
